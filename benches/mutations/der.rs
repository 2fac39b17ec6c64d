//! Mutations of the nodes of a signature's structure. It stays in its gap: shorter ones are padded
//! with zeros as the gap was, longer ones that do not fit are cut.

use std::ops::Range;

use crate::chance::Chance;
use crate::original::Original;

/// A node: its first byte, its content and its end, as offsets.
#[derive(Clone)]
struct Node {
    start: usize,
    content: Range<usize>,
    end: usize,
    parent: Option<usize>,
}

/// What is done to a node.
#[derive(Clone, Copy)]
pub enum Edit {
    Tag,
    Length,
    Value,
    Swap,
    Duplicate,
    Remove,
}

/// The structure in one of the gaps, with one node changed.
pub fn mutate(original: &Original, edit: Edit, chance: &mut Chance) -> Vec<u8> {
    let gap = original.gaps[chance.below(original.gaps.len())].clone();
    let inside = gap.start + 1..gap.end - 1;
    let digits: Vec<u8> = original.bytes[inside.clone()]
        .iter()
        .copied()
        .filter(u8::is_ascii_hexdigit)
        .collect();
    let value: Vec<u8> = digits.chunks(2).map(octet).collect();
    let changed = edited(&value, edit, chance);
    let mut text: Vec<u8> = changed
        .iter()
        .flat_map(|byte| format!("{byte:02x}").into_bytes())
        .collect();
    text.resize(inside.len(), b'0');
    let mut mutant = original.bytes.clone();
    mutant[inside].copy_from_slice(&text);
    mutant
}

fn octet(pair: &[u8]) -> u8 {
    let text = std::str::from_utf8(pair).expect("digits");
    u8::from_str_radix(text, 16).expect("digits")
}

fn edited(value: &[u8], edit: Edit, chance: &mut Chance) -> Vec<u8> {
    let nodes = nodes(value);
    let at = chance.below(nodes.len());
    let node = &nodes[at];
    let content = &value[node.content.clone()];
    let whole = &value[node.start..node.end];
    let new = match edit {
        Edit::Tag => {
            let tags = [
                0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31,
            ];
            let other = [0xa0, 0xa1, 0x80, 0x24, whole[0] ^ 0x20, whole[0] ^ 0x01];
            let tag = tags.iter().chain(&other).nth(chance.below(17));
            [&[*tag.expect("one of 17")], &whole[1..]].concat()
        }
        Edit::Length => with_length(whole[0], content, chance),
        Edit::Value => wrap(whole[0], &changed(content, chance)),
        Edit::Swap => return swapped(value, &nodes, at, chance),
        Edit::Duplicate => [whole, whole].concat(),
        Edit::Remove => Vec::new(),
    };
    rebuilt(value, &nodes, at, &new)
}

/// Every node, each after its parent; what stands in a string is no node.
fn nodes(value: &[u8]) -> Vec<Node> {
    let mut found: Vec<Node> = Vec::new();
    let mut waiting = vec![(0..value.len(), None)];
    while let Some((mut range, parent)) = waiting.pop() {
        while let Some(node) = read(value, range.clone(), parent) {
            range.start = node.end;
            let index = found.len();
            if value[node.start] & 0x20 != 0 {
                waiting.push((node.content.clone(), Some(index)));
            }
            found.push(node);
            // Behind the structure stand the zeros of the gap.
            if parent.is_none() {
                break;
            }
        }
    }
    assert!(!found.is_empty(), "a structure");
    found
}

fn read(value: &[u8], range: Range<usize>, parent: Option<usize>) -> Option<Node> {
    let bytes = value.get(range.clone())?;
    let start = range.start;
    let (head, length) = match *bytes {
        // No stated end: it ends with two zeros behind its last child.
        [tag, 0x80, ..] if tag & 0x20 != 0 => {
            let mut at = start + 2;
            while value.get(at..at + 2)? != [0, 0] {
                at = read(value, at..range.end, None)?.end;
            }
            let (content, end) = (start + 2..at, at + 2);
            return Some(Node {
                start,
                content,
                end,
                parent,
            });
        }
        [_, short @ 0..=0x7f, ..] => (2, usize::from(short)),
        [_, long @ 0x81..=0x84, ..] => {
            let octets = bytes.get(2..2 + usize::from(long & 0x0f))?;
            let octets = octets.iter();
            let length = octets.fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (2 + usize::from(long & 0x0f), length)
        }
        _ => return None,
    };
    let content = start + head..start + head + length;
    let end = content.end;
    (end <= range.end).then_some(Node {
        start,
        content,
        end,
        parent,
    })
}

fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let octets = length.to_be_bytes();
    let head = match length {
        0..0x80 => vec![octets[7]],
        0x80..0x100 => vec![0x81, octets[7]],
        0x100..0x1_0000 => vec![0x82, octets[6], octets[7]],
        _ => vec![0x83, octets[5], octets[6], octets[7]],
    };
    [&[tag][..], &head, content].concat()
}

/// The same content under another length: longer or shorter than it is, of no stated end, or
/// written in more octets than it needs.
fn with_length(tag: u8, content: &[u8], chance: &mut Chance) -> Vec<u8> {
    let proper = wrap(tag, content);
    let head = proper.len() - content.len();
    match chance.below(4) {
        0 => {
            let mut wrong = proper;
            wrong[head - 1] = wrong[head - 1].wrapping_add(1 + u8::from(chance.once_in(2)) * 254);
            wrong
        }
        1 => [&[tag, 0x80], content, &[0, 0]].concat(),
        2 => {
            let length = u32::try_from(content.len()).expect("a gap is small");
            [&[tag, 0x84][..], &length.to_be_bytes(), content].concat()
        }
        _ => {
            let mut wrong = proper;
            wrong[1] = chance.byte();
            wrong
        }
    }
}

fn changed(content: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut new = content.to_vec();
    let place = chance.below(content.len() + 1);
    match chance.below(4) {
        0 => new.insert(place, chance.byte()),
        1 if !new.is_empty() => {
            new.remove(place.min(content.len() - 1));
        }
        2 => new.clear(),
        _ => match new.get_mut(place.min(content.len().saturating_sub(1))) {
            Some(byte) => *byte ^= 1 << chance.below(8),
            None => new.push(0),
        },
    }
    new
}

/// Two children of one node change places.
fn swapped(value: &[u8], nodes: &[Node], at: usize, chance: &mut Chance) -> Vec<u8> {
    let siblings = |parent: Option<usize>| -> Vec<usize> {
        let all = nodes.iter().enumerate();
        let own = all.filter(|(_, node)| node.parent == parent && parent.is_some());
        own.map(|(index, _)| index).collect()
    };
    // Nodes without a sibling stand beside nothing: another is taken.
    let own = (0..nodes.len())
        .map(|step| siblings(nodes[(at + step) % nodes.len()].parent))
        .find(|own| own.len() > 1)
        .expect("a structure has siblings");
    let first = chance.below(own.len() - 1);
    let second = first + 1 + chance.below(own.len() - first - 1);
    let (one, other) = (&nodes[own[first]], &nodes[own[second]]);
    let parent = one.parent.expect("siblings have one");
    let range = nodes[parent].content.clone();
    let content = [
        &value[range.start..one.start],
        &value[other.start..other.end],
        &value[one.end..other.start],
        &value[one.start..one.end],
        &value[other.end..range.end],
    ]
    .concat();
    let new = wrap(value[nodes[parent].start], &content);
    rebuilt(value, nodes, parent, &new)
}

/// The whole with `new` in the place of one node, every length above it made right again.
fn rebuilt(value: &[u8], nodes: &[Node], at: usize, new: &[u8]) -> Vec<u8> {
    let mut node = &nodes[at];
    let mut new = new.to_vec();
    while let Some(parent) = node.parent {
        let above = &nodes[parent];
        let content = [
            &value[above.content.start..node.start],
            &new,
            &value[node.end..above.content.end],
        ]
        .concat();
        new = wrap(value[above.start], &content);
        node = above;
    }
    [&new, &value[node.end..]].concat()
}
