//! What goes over the pipes: a length of four bytes (little endian), then a tag and its fields.
//!
//! Both ends are this program, but the child may have been taken over by the file it reads. So the
//! parent believes no length above its limit and no number in a reply without looking at it.

use std::io::{Read, Write};

use super::{PageText, WorkerError};

/// What the parent asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// How many pages there are.
    Pages,
    /// A page as an image. Pages count from 0.
    Render {
        /// The page.
        page: u32,
        /// Dots an inch.
        dpi: u32,
    },
    /// A page's text.
    Text {
        /// The page.
        page: u32,
    },
    /// The file rewritten with an honest cross-reference table.
    Repair,
}

/// A rendered page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageImage {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// The image, PNG.
    pub png: Vec<u8>,
    /// A number for each square of [`TILE_PIXELS`], row by row from the top left corner: the same
    /// pixels have the same number. What differs between two images is found by them, without
    /// reading an image.
    pub tiles: Vec<u64>,
}

/// The side of a square of an image, pixels; those at the right and at the bottom may be smaller.
pub const TILE_PIXELS: u32 = 16;

/// What the child answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The number of pages.
    Pages(u32),
    /// An image.
    Image(PageImage),
    /// Text with the places of its words.
    Text(PageText),
    /// A rewritten file.
    Repaired(Vec<u8>),
    /// It cannot be done.
    Refused(WorkerError),
}

const PAGES: u8 = 1;
const RENDER: u8 = 2;
const TEXT: u8 = 3;
const REPAIR: u8 = 4;
const REFUSED: u8 = 9;

impl Request {
    /// The frame's content.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Pages => vec![PAGES],
            Self::Render { page, dpi } => {
                let mut bytes = vec![RENDER];
                bytes.extend(page.to_le_bytes());
                bytes.extend(dpi.to_le_bytes());
                bytes
            }
            Self::Text { page } => {
                let mut bytes = vec![TEXT];
                bytes.extend(page.to_le_bytes());
                bytes
            }
            Self::Repair => vec![REPAIR],
        }
    }

    /// From a frame's content; `None` if it is none of ours.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        match (*tag, rest.len()) {
            (PAGES, 0) => Some(Self::Pages),
            (RENDER, 8) => Some(Self::Render {
                page: number(rest, 0)?,
                dpi: number(rest, 4)?,
            }),
            (TEXT, 4) => Some(Self::Text {
                page: number(rest, 0)?,
            }),
            (REPAIR, 0) => Some(Self::Repair),
            _ => None,
        }
    }
}

impl Reply {
    /// The frame's content.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Pages(count) => {
                let mut bytes = vec![PAGES];
                bytes.extend(count.to_le_bytes());
                bytes
            }
            Self::Image(image) => {
                let mut bytes = vec![RENDER];
                bytes.extend(image.width.to_le_bytes());
                bytes.extend(image.height.to_le_bytes());
                // An image has 16 million pixels at most, so the number fits.
                let count = u32::try_from(image.tiles.len()).unwrap_or(0);
                bytes.extend(count.to_le_bytes());
                for tile in &image.tiles {
                    bytes.extend(tile.to_le_bytes());
                }
                bytes.extend(&image.png);
                bytes
            }
            Self::Text(text) => {
                let mut bytes = vec![TEXT];
                // A text of numbers and strings always becomes JSON; an empty one then decodes
                // as a crash.
                bytes.extend(serde_json::to_vec(text).unwrap_or_default());
                bytes
            }
            Self::Repaired(file) => {
                let mut bytes = vec![REPAIR];
                bytes.extend(file);
                bytes
            }
            Self::Refused(why) => vec![REFUSED, code(*why)],
        }
    }

    /// From a frame's content; `None` if it is none of ours.
    #[must_use]
    pub fn decode(bytes: Vec<u8>) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        match *tag {
            PAGES => Some(Self::Pages(number(rest, 0)?)),
            RENDER => {
                let count = usize::try_from(number(rest, 8)?).ok()?;
                let end = count.checked_mul(8)?.checked_add(12)?;
                let tiles = rest.get(12..end)?.chunks_exact(8);
                let tiles = tiles.map(|tile| Some(u64::from_le_bytes(tile.try_into().ok()?)));
                Some(Self::Image(PageImage {
                    width: number(rest, 0)?,
                    height: number(rest, 4)?,
                    png: rest.get(end..)?.to_vec(),
                    tiles: tiles.collect::<Option<_>>()?,
                }))
            }
            TEXT => serde_json::from_slice(rest).ok().map(Self::Text),
            REPAIR => Some(Self::Repaired(rest.to_vec())),
            REFUSED => ERRORS
                .get(usize::from(*rest.first()?))
                .copied()
                .map(Self::Refused),
            _ => None,
        }
    }
}

/// The errors that travel, by their place.
const ERRORS: [WorkerError; 5] = [
    WorkerError::Damaged,
    WorkerError::NoSuchPage,
    WorkerError::TooLarge,
    WorkerError::Unsupported,
    WorkerError::Crashed,
];

fn code(error: WorkerError) -> u8 {
    let place = ERRORS.iter().position(|known| *known == error);
    place.and_then(|at| u8::try_from(at).ok()).unwrap_or(4)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(field.try_into().ok()?))
}

/// The length that stands before `content`; `None` above 4 GB.
#[must_use]
pub fn length(content: &[u8]) -> Option<[u8; 4]> {
    u32::try_from(content.len()).ok().map(u32::to_le_bytes)
}

/// Reads one frame in the child. `None` at the end of the parent's requests.
///
/// # Errors
///
/// If the pipe breaks, or a frame is longer than `bytes_max`.
pub fn read_frame(from: &mut impl Read, bytes_max: usize) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > bytes_max {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok(Some(content))
}

/// Writes one frame in the child.
///
/// # Errors
///
/// If the pipe breaks, or the content is longer than 4 GB.
pub fn write_frame(to: &mut impl Write, content: &[u8]) -> std::io::Result<()> {
    let length = length(content).ok_or(std::io::ErrorKind::InvalidData)?;
    to.write_all(&length)?;
    to.write_all(content)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_arrives() {
        for request in [
            Request::Pages,
            Request::Render { page: 7, dpi: 110 },
            Request::Text { page: 1 },
            Request::Repair,
        ] {
            assert_eq!(Request::decode(&request.encode()), Some(request));
        }
        let image = PageImage {
            width: 2,
            height: 3,
            png: vec![1, 2],
            tiles: vec![u64::MAX, 7],
        };
        for reply in [
            Reply::Pages(12),
            Reply::Image(image),
            Reply::Text(PageText::default()),
            Reply::Repaired(vec![9]),
            Reply::Refused(WorkerError::Unsupported),
        ] {
            assert_eq!(Reply::decode(reply.encode()), Some(reply));
        }
    }

    #[test]
    fn a_frame_that_is_none_of_ours_is_nothing() {
        assert_eq!(Request::decode(&[]), None);
        assert_eq!(Request::decode(&[RENDER, 1]), None);
        assert_eq!(Reply::decode(vec![REFUSED, 200]), None);
        let tiles = [&[RENDER][..], &[0; 8], &[255; 4]].concat();
        assert_eq!(Reply::decode(tiles), None);
        assert_eq!(Reply::decode(vec![TEXT, b'{']), None);
        let mut long = std::io::Cursor::new(vec![255, 255, 255, 255]);
        assert!(read_frame(&mut long, 1000).is_err());
    }
}
