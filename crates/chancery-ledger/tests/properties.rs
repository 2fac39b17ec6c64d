//! What holds for every tree and every leaf, and what every forgery meets.

use chancery_ledger::{
    ConsistencyProof, Leaf, LeafError, ProofError, Tree, TreeHead, leaf_hash, verify_consistency,
    verify_inclusion,
};
use proptest::prelude::*;

fn tree_of(size: u64) -> Tree {
    Tree::from_leaf_hashes((0..size).map(|number| leaf_hash(&number.to_be_bytes())))
}

/// Goal: no size, position or pair of sizes is special by accident. Method: all of them up to 40,
/// which passes every power of two and every ragged right edge up to depth six.
#[test]
fn every_leaf_of_every_tree_up_to_forty_is_provable() {
    for size in 1..=40 {
        let tree = tree_of(size);
        for position in 0..size {
            let proof = tree.inclusion_proof(position, size).unwrap();
            let leaf = leaf_hash(&position.to_be_bytes());
            assert_eq!(verify_inclusion(&leaf, &proof, &tree.head()), Ok(()));
        }
        for older in 0..=size {
            let proof = tree.consistency_proof(older, size).unwrap();
            let head = tree.head_at(older).unwrap();
            assert_eq!(
                verify_consistency(&head, &tree.head(), &proof),
                Ok(()),
                "{older} {size}"
            );
        }
    }
}

#[test]
fn a_question_beyond_the_tree_is_refused() {
    let tree = tree_of(5);
    assert!(tree.inclusion_proof(5, 5).is_err());
    assert!(tree.inclusion_proof(0, 6).is_err());
    assert!(tree.inclusion_proof(u64::MAX, 5).is_err());
    assert!(tree.consistency_proof(4, 3).is_err());
    assert!(tree.head_at(6).is_err());
}

/// A log that rewrote its third event cannot connect to the head it published before.
#[test]
fn a_rewritten_event_breaks_consistency() {
    let published = tree_of(7).head();
    let mut rewritten = tree_of(2);
    rewritten.push(leaf_hash(b"what did not happen"));
    for number in 3..12_u64 {
        rewritten.push(leaf_hash(&number.to_be_bytes()));
    }
    let proof = rewritten.consistency_proof(7, 12).unwrap();
    let answer = verify_consistency(&published, &rewritten.head(), &proof);
    assert_eq!(answer, Err(ProofError::OtherOlderRoot));
}

#[test]
fn a_log_that_lost_events_is_said_to_have_shrunk() {
    let (older, newer) = (tree_of(7).head(), tree_of(6).head());
    let answer = verify_consistency(&older, &newer, &ConsistencyProof { hashes: vec![] });
    assert_eq!(answer, Err(ProofError::Shrunk { older: 7, newer: 6 }));
}

#[test]
fn a_false_root_of_the_empty_tree_is_refused() {
    let older = TreeHead {
        size: 0,
        root: [7; 32],
    };
    let answer = verify_consistency(
        &older,
        &tree_of(3).head(),
        &ConsistencyProof { hashes: vec![] },
    );
    assert_eq!(answer, Err(ProofError::OtherOlderRoot));
}

#[test]
fn trailing_and_missing_bytes_are_named() {
    let leaf = Leaf::new([("a", "b")]);
    let bytes = leaf.canonical_bytes();
    assert_eq!(Leaf::parse(bytes), Ok(leaf.clone()));
    assert_eq!(Leaf::parse(b"CHLEAF"), Err(LeafError::NotALeaf));
    let longer = [bytes, b"x"].concat();
    assert_eq!(
        Leaf::parse(&longer),
        Err(LeafError::TrailingBytes { count: 1 })
    );
    let mut other = bytes.to_vec();
    other[7] = 9;
    assert_eq!(
        Leaf::parse(&other),
        Err(LeafError::UnknownVersion { version: 9 })
    );
    for end in 0..bytes.len() {
        assert!(Leaf::parse(&bytes[..end]).is_err(), "cut at {end}");
    }
}

/// A length of 2⁶⁴ − 1 is an error at once, not a reservation of memory.
#[test]
fn a_lying_length_costs_nothing() {
    let mut bytes = b"CHLEAF\x00\x01".to_vec();
    bytes.extend_from_slice(&[0xff; 8]);
    bytes.extend_from_slice(&[0xff; 8]);
    assert_eq!(Leaf::parse(&bytes), Err(LeafError::Truncated { at: 24 }));
}

#[test]
fn the_debug_form_of_a_leaf_shows_no_value() {
    let shown = format!("{:?}", Leaf::new([("address", "192.0.2.7")]));
    assert!(
        shown.contains("address") && !shown.contains("192.0.2.7"),
        "{shown}"
    );
}

proptest! {
    /// Two lists of fields have the same bytes only if they are the same list, wherever the
    /// boundary between name and value is moved.
    #[test]
    fn different_fields_have_different_bytes(
        left in prop::array::uniform3((".{0,6}", ".{0,6}")),
        right in prop::array::uniform3((".{0,6}", ".{0,6}")),
    ) {
        let encode = |fields: &[(String, String); 3]| {
            Leaf::new(fields.each_ref().map(|(name, value)| (name.as_str(), value.as_str())))
        };
        prop_assert_eq!(left == right, encode(&left) == encode(&right));
        let moved = [
            (format!("{}{}", left[0].0, left[0].1), String::new()),
            left[1].clone(),
            left[2].clone(),
        ];
        prop_assert_eq!(left == moved, encode(&left) == encode(&moved));
    }

    /// Reading is total, and what is read encodes to itself.
    #[test]
    fn parsing_never_panics_and_is_exact(tail in prop::collection::vec(any::<u8>(), 0..80)) {
        for bytes in [tail.clone(), [b"CHLEAF\x00\x01".as_slice(), &tail].concat()] {
            if let Ok(leaf) = Leaf::parse(&bytes) {
                prop_assert_eq!(leaf.canonical_bytes(), bytes.as_slice());
            }
        }
    }

    /// One flipped bit anywhere in a proof, the leaf or the head, and nothing is proved any more.
    #[test]
    fn a_forged_inclusion_proof_is_refused(
        size in 1_u64..200, pick in any::<prop::sample::Index>(),
        part in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let tree = tree_of(size);
        let position = pick.index(usize::try_from(size).unwrap()) as u64;
        let mut proof = tree.inclusion_proof(position, size).unwrap();
        let mut leaf = leaf_hash(&position.to_be_bytes());
        let mut head = tree.head();
        let parts = proof.hashes.len() + 2;
        let struck = match part.index(parts) {
            0 => &mut leaf,
            1 => &mut head.root,
            other => &mut proof.hashes[other - 2],
        };
        struck[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify_inclusion(&leaf, &proof, &head), Err(ProofError::OtherRoot));
    }

    /// A proof that is longer or shorter than the trees need is refused by its length or by its
    /// root, and never accepted.
    #[test]
    fn a_proof_of_another_length_is_refused(older in 1_u64..100, more in 1_u64..100) {
        let tree = tree_of(older + more);
        let (old_head, new_head) = (tree.head_at(older).unwrap(), tree.head());
        let honest = tree.consistency_proof(older, older + more).unwrap();
        prop_assert_eq!(verify_consistency(&old_head, &new_head, &honest), Ok(()));
        let mut longer = honest.clone();
        longer.hashes.push([0; 32]);
        prop_assert!(verify_consistency(&old_head, &new_head, &longer).is_err());
        let mut shorter = honest.clone();
        shorter.hashes.pop();
        prop_assert!(verify_consistency(&old_head, &new_head, &shorter).is_err());
        let position = older - 1;
        let mut path = tree.inclusion_proof(position, older + more).unwrap();
        path.hashes.push([0; 32]);
        let leaf = leaf_hash(&position.to_be_bytes());
        prop_assert!(verify_inclusion(&leaf, &path, &new_head).is_err());
    }
}
