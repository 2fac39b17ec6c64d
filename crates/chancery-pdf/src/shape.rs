//! One thing that a page shows, and where.

use crate::ground::Drawn;
use crate::ink::Clip;
use crate::plane::Region;
use crate::shown::Mass;

/// A place with something on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) region: Region,
    pub(crate) mass: Mass,
    pub(crate) body: Body,
    /// Whether it may have the colour of the paper: nobody would see that it covers something.
    pub(crate) pale: bool,
    /// Whether its lines go from left to right, upright.
    pub(crate) level: bool,
}

impl Area {
    /// Of which nothing more is known.
    pub(crate) const fn of(region: Region, mass: Mass, body: Body) -> Self {
        Self {
            region,
            mass,
            body,
            pale: true,
            level: false,
        }
    }
}

/// How much of its place something covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Body {
    /// All of it, or nobody knows.
    Solid,
    /// Letters of a common font of readers, of this size in points.
    Letters { size: f64 },
    /// An image that is transparent in part: how much of it is not, of 1.
    Veil { share: f64 },
}

/// One thing that was painted.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Area(Area),
    Drawn(Box<Drawn>),
    /// A gradient, wherever it is let through.
    Flood(Clip),
}

impl Shape {
    /// Around all of it.
    pub(crate) fn region(&self) -> Region {
        match self {
            Self::Area(area) => area.region,
            Self::Drawn(drawn) => drawn.region,
            Self::Flood(clip) => clip.region.unwrap_or(Region::ENDLESS),
        }
    }
}
