//! `xml:base` joined along elements that a subset leaves out (Canonical XML 1.1, 2.4 and
//! appendix A).

/// A reference in its parts (RFC 3986, appendix B), without its fragment.
#[derive(Clone, Copy, Debug, Default)]
struct Parts<'t> {
    scheme: Option<&'t str>,
    authority: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
}

impl<'t> Parts<'t> {
    fn of(reference: &'t str) -> Self {
        let reference = reference.split('#').next().unwrap_or("");
        let (reference, query) = match reference.split_once('?') {
            Some((before, query)) => (before, Some(query)),
            None => (reference, None),
        };
        let (scheme, reference) = match reference.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, reference),
        };
        let (authority, path) = match reference.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (rest.get(..end), rest.get(end..).unwrap_or(""))
            }
            None => (None, reference),
        };
        Self {
            scheme,
            authority,
            path,
            query,
        }
    }

    fn joined(self, path: &str) -> String {
        let mut whole = String::new();
        if let Some(scheme) = self.scheme {
            whole.push_str(scheme);
            whole.push(':');
        }
        if let Some(authority) = self.authority {
            whole.push_str("//");
            whole.push_str(authority);
        }
        whole.push_str(path);
        if let Some(query) = self.query {
            whole.push('?');
            whole.push_str(query);
        }
        whole
    }
}

/// Whether a text is a scheme (RFC 3986, 3.1).
pub(crate) fn is_scheme(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(rest)
}

/// `reference` seen from `base`, which need not be absolute.
pub(crate) fn join(base: &str, reference: &str) -> String {
    let (base, wanted) = (Parts::of(base), Parts::of(reference));
    if wanted.scheme.is_some() {
        return wanted.joined(&without_dots(wanted.path));
    }
    let scheme = base.scheme;
    if wanted.authority.is_some() {
        return Parts { scheme, ..wanted }.joined(&without_dots(wanted.path));
    }
    let authority = base.authority;
    let found = Parts {
        scheme,
        authority,
        ..wanted
    };
    if wanted.path.is_empty() {
        let query = wanted.query.or(base.query);
        return Parts { query, ..found }.joined(&without_dots(base.path));
    }
    if wanted.path.starts_with('/') {
        return found.joined(&without_dots(wanted.path));
    }
    let merged = match base.path.rfind('/') {
        // RFC 3986, 5.2.3: an authority without a path has the root.
        None if base.authority.is_some() => format!("/{}", wanted.path),
        None => wanted.path.to_owned(),
        Some(at) => format!("{}{}", base.path.get(..=at).unwrap_or(""), wanted.path),
    };
    found.joined(&without_dots(&merged))
}

/// `remove_dot_segments` as Canonical XML 1.1 changes it: `..` at the beginning of a relative path
/// stay, a `..` at the end gets its slash, several slashes are one.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut open_end = path.ends_with('/');
    for segment in path.split('/') {
        open_end = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if absolute => {}
            other => kept.push(other),
        }
    }
    let mut whole = String::new();
    if absolute {
        whole.push('/');
    }
    whole.push_str(&kept.join("/"));
    if open_end && !kept.is_empty() {
        whole.push('/');
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn references_are_joined_as_the_standard_shows() {
        // Canonical XML 1.1, 2.4 and appendix A.
        assert_eq!(
            join("something/else/", "http://www.example.com/x"),
            "http://www.example.com/x"
        );
        assert_eq!(
            join("http://www.example.com/one/two", "three"),
            "http://www.example.com/one/three"
        );
        assert_eq!(join("..", "x"), "x");
        assert_eq!(join("../", "x"), "../x");
        assert_eq!(join("../bar/", "../foo"), "../foo");
        assert_eq!(join("a/b/", ".."), "a/");
        assert_eq!(join("http://e.org/a//b/", "./c"), "http://e.org/a/b/c");
        assert_eq!(join("http://e.org", "c"), "http://e.org/c");
    }
}
