//! The published vectors of certificate transparency's reference implementations: eight leaves,
//! the root after each, and selected proofs.

#![expect(
    clippy::unwrap_used,
    reason = "a vector that cannot be read is a failed test"
)]

use chancery_ledger::{
    Hash, Leaf, Tree, TreeHead, empty_root, leaf_hash, node_hash, verify_consistency,
    verify_inclusion,
};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hexadecimal: &str) -> Hash {
    hex::decode(hexadecimal).unwrap().try_into().unwrap()
}

fn hashes(list: &[&str]) -> Vec<Hash> {
    list.iter().map(|text| hash(text)).collect()
}

fn leaf(position: usize) -> Hash {
    leaf_hash(&hex::decode(LEAVES[position]).unwrap())
}

fn tree() -> Tree {
    Tree::from_leaf_hashes((0..LEAVES.len()).map(leaf))
}

#[test]
fn an_empty_tree_has_the_hash_of_nothing() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(empty_root(), hash(empty));
    assert_eq!(
        Tree::default().head(),
        TreeHead {
            size: 0,
            root: hash(empty)
        }
    );
}

#[test]
fn every_root_is_the_published_one() {
    let mut growing = Tree::default();
    for (position, root) in ROOTS.iter().enumerate() {
        assert_eq!(growing.push(leaf(position)), position as u64);
        assert_eq!(growing.head().root, hash(root), "after leaf {position}");
        assert_eq!(tree().head_at(growing.size()), Ok(growing.head()));
    }
}

#[test]
fn inclusion_proofs_are_the_published_ones() {
    let cases: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            3,
            &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (position, size, expected) in cases {
        let proof = tree().inclusion_proof(position, size).unwrap();
        assert_eq!(proof.hashes, hashes(expected), "leaf {position} of {size}");
        let head = TreeHead {
            size,
            root: hash(ROOTS[size as usize - 1]),
        };
        assert_eq!(
            verify_inclusion(&leaf(position as usize), &proof, &head),
            Ok(())
        );
    }
}

#[test]
fn consistency_proofs_are_the_published_ones() {
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (older, newer, expected) in cases {
        let proof = tree().consistency_proof(older, newer).unwrap();
        assert_eq!(proof.hashes, hashes(expected), "{older} to {newer}");
        let head = |size: u64| TreeHead {
            size,
            root: hash(ROOTS[size as usize - 1]),
        };
        assert_eq!(
            verify_consistency(&head(older), &head(newer), &proof),
            Ok(())
        );
    }
}

/// Goal: the canonical bytes never change under us. Method: they are written out here by hand from
/// the table in `leaf.rs`, and their hash was computed with another tool (`sha256sum`).
#[test]
fn the_bytes_of_a_leaf_are_the_documented_ones() {
    let leaf = Leaf::new([("action", "task.decided"), ("кто", "")]);
    let written = [
        b"CHLEAF\x00\x01".as_slice(),
        b"\x00\x00\x00\x00\x00\x00\x00\x02",
        b"\x00\x00\x00\x00\x00\x00\x00\x06action",
        b"\x00\x00\x00\x00\x00\x00\x00\x0ctask.decided",
        b"\x00\x00\x00\x00\x00\x00\x00\x06\xd0\xba\xd1\x82\xd0\xbe",
        b"\x00\x00\x00\x00\x00\x00\x00\x00",
    ]
    .concat();
    assert_eq!(leaf.canonical_bytes(), written);
    assert_eq!(
        leaf_hash(&written),
        hash("3e9459702922adb933cd5b80afa3409faadce6e5042a6cc662e5cf29b4654767")
    );
    assert_eq!(leaf.fields(), [("action", "task.decided"), ("кто", "")]);
}

#[test]
fn a_node_cannot_pass_for_a_leaf() {
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
}
