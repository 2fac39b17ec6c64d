//! What one document may cost.

/// Bounds on one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub bytes_max: usize,
    /// Most elements open at once.
    pub depth_max: usize,
    /// Most nodes: elements, texts, comments and instructions, with attributes and declarations,
    /// each of which costs as much.
    pub nodes_max: usize,
    /// Most attributes of one element, declarations of namespaces among them.
    pub attributes_max: usize,
    /// Most namespace declarations in scope at once.
    pub declarations_max: usize,
    /// Longest name or prefix, in bytes.
    pub name_bytes_max: usize,
}

impl Default for Limits {
    /// Room for the largest national trusted list, several times over.
    fn default() -> Self {
        Self {
            bytes_max: 64 * 1024 * 1024,
            depth_max: 128,
            nodes_max: 1_000_000,
            attributes_max: 256,
            declarations_max: 128,
            name_bytes_max: 1024,
        }
    }
}
