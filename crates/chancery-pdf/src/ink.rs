//! What paths are painted with: colours, as far as two of them can be told to be the same, and what
//! is left of them by clipping and by mixing with what lies beneath (ISO 32000-2, 8.5.4, 8.6, 11).

use crate::error::PdfError;
use crate::ground::Look;
use crate::object::{Dictionary, Object, ObjectId};
use crate::outline::{Figure, Path};
use crate::plane::Region;
use crate::reader::Pdf;

/// How light paint may be, of 1, and how much ink it must have, to be told from paper.
const LIGHT_MAX: f64 = 0.86;
const INK_MIN: f64 = 0.14;

/// How much paint may cover, of 1, of what shows through it.
const THIN_MAX: f64 = 0.7;

/// A colour space. Of one that a file explains itself only its name is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Space {
    #[default]
    Gray,
    Rgb,
    Cmyk,
    Own(ObjectId),
    Unknown,
}

/// A colour that can be compared: what is equal looks alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Colour {
    Light([f64; 3]),
    Print([f64; 4]),
    Own(ObjectId, [f64; 4]),
}

impl Colour {
    pub(crate) const WHITE: Self = Self::Light([1.0; 3]);

    /// The colour of these components; nothing, if it cannot be compared.
    pub(crate) fn of(space: Space, components: &[f64]) -> Option<Self> {
        match (space, components) {
            (Space::Gray, [gray]) => Some(Self::Light([*gray; 3])),
            (Space::Rgb, [red, green, blue]) => Some(Self::Light([*red, *green, *blue])),
            // No ink is the white of the paper.
            (Space::Cmyk, [0.0, 0.0, 0.0, 0.0]) => Some(Self::WHITE),
            (Space::Cmyk, [c, m, y, k]) => Some(Self::Print([*c, *m, *y, *k])),
            (Space::Own(id), components) if components.len() <= 4 => {
                let mut four = [0.0; 4];
                for (to, from) in four.iter_mut().zip(components) {
                    *to = *from;
                }
                Some(Self::Own(id, four))
            }
            _ => None,
        }
    }

    /// Whether it is seen on paper for certain: it cannot take away what stands there unseen.
    pub(crate) fn is_dark(self) -> bool {
        match self {
            // The faint red of the sign that Acrobat puts behind its marks is seen.
            Self::Light(lights) => lights.iter().any(|light| *light <= LIGHT_MAX),
            Self::Print(inks) => inks.iter().any(|ink| *ink >= INK_MIN),
            Self::Own(..) => false,
        }
    }
}

/// The colour that is set, for filling or for strokes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ink {
    pub(crate) space: Space,
    pub(crate) colour: Option<Colour>,
    /// Whether it is a pattern that may show anything.
    pub(crate) pattern: bool,
}

impl Default for Ink {
    fn default() -> Self {
        Self::of(Space::Gray, Some(Colour::Light([0.0; 3])))
    }
}

impl Ink {
    pub(crate) fn of(space: Space, colour: Option<Colour>) -> Self {
        Self {
            space,
            colour,
            pattern: false,
        }
    }
}

/// How paint mixes with what lies beneath: plainly, it covers it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mixing {
    /// How much of what is beneath is covered by what is filled, and by strokes: 1 is all.
    fills: f64,
    strokes: f64,
    normal: bool,
    /// No overprinting and no function that makes another colour of each.
    plain: bool,
    /// Whether a mask says where paint goes.
    pub(crate) masked: bool,
}

impl Default for Mixing {
    fn default() -> Self {
        Self {
            fills: 1.0,
            strokes: 1.0,
            normal: true,
            plain: true,
            masked: false,
        }
    }
}

impl Mixing {
    /// Whether what is filled, or what is stroked, has the colour that was set.
    pub(crate) fn covers(self, filling: bool) -> bool {
        self.share(filling) == 1.0 && self.is_even()
    }

    const fn share(self, filling: bool) -> f64 {
        match filling {
            true => self.fills,
            false => self.strokes,
        }
    }

    /// Whether paint has its own colour, more or less of it.
    const fn is_even(self) -> bool {
        self.normal && self.plain && !self.masked
    }

    /// What paint of a colour looks like over what stands there.
    pub(crate) fn look(self, colour: Option<Colour>, filling: bool) -> Look {
        Look {
            dark: self.is_even() && colour.is_some_and(Colour::is_dark),
            thin: self.is_even() && self.share(filling) <= THIN_MAX,
        }
    }

    /// Takes in what a dictionary of parameters sets (8.4.5).
    pub(crate) fn set(&mut self, pdf: &Pdf<'_>, entries: &Dictionary) -> Result<(), PdfError> {
        for entry in entries.entries() {
            let value = pdf.resolve(&entry.value)?;
            match &entry.key[..] {
                // What is no share is taken otherwise by each reader.
                b"ca" => self.fills = value.as_number().unwrap_or(f64::NAN),
                b"CA" => self.strokes = value.as_number().unwrap_or(f64::NAN),
                b"BM" => {
                    self.normal = matches!(value.as_name(), Some(b"Normal" | b"Compatible"));
                }
                b"OP" | b"op" => self.plain &= value == Object::Boolean(false),
                b"TR" | b"TR2" => {
                    self.plain &= matches!(value.as_name(), Some(b"Identity" | b"Default"));
                }
                // A mask can show letters of whatever is filled through it.
                b"SMask" => self.masked = value.as_name().is_none() && value != Object::Null,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Where paint is let through.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Clip {
    /// Nothing is shown outside; everything may be, where there is none.
    pub(crate) region: Option<Region>,
    /// Whether only some of the region lets it through: letters, curves.
    pub(crate) odd: bool,
}

impl Clip {
    /// Takes in a path that everything must be inside of from now on.
    pub(crate) fn add(&mut self, path: &Path) {
        let regions = path.figures.iter().map(|figure| figure.region);
        let around = regions.reduce(|all, one| all.around_both(&one));
        // To some readers a path of nothing lets nothing through, to others everything.
        let Some(around) = around else {
            self.odd = true;
            return;
        };
        self.narrow(around);
        self.odd |= !matches!(&path.figures[..], [one] if Figure::as_box(one).is_some());
    }

    /// Takes in a box.
    pub(crate) fn narrow(&mut self, to: Region) {
        match self.region {
            None => self.region = Some(to),
            Some(own) => match own.common(&to) {
                Some(common) => self.region = Some(common),
                // Nothing is left; one corner stands for it.
                None => self.region = Some(to.corner()),
            },
        }
    }

    /// What of a region is let through at most.
    pub(crate) fn of(&self, region: &Region) -> Option<Region> {
        match &self.region {
            None => Some(*region),
            Some(own) => own.common(region),
        }
    }
}
