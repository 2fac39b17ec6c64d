//! What stands beneath a place of a page, and of which colour the ground there is.

use crate::error::PdfError;
use crate::ground::Ground;
use crate::ink::Colour;
use crate::object::ObjectId;
use crate::plane::Region;
use crate::shape::Shape;
use crate::shown::{LOOKS_A_STEP, Mass, Place, Shown, ShownLimits};

/// What counts as touching: text and a mark beside it may share an edge, in points.
const EDGE: f64 = 0.5;

/// The colour of a ground (ISO 32000-2, 8.6).
#[derive(Clone, Debug, PartialEq)]
pub struct GroundColour {
    /// What the file explains the space of the colour with, where it does so itself.
    pub space: Option<ObjectId>,
    /// Of 1: three of light, four of inks; of an own space four, of which some may not count.
    pub parts: Vec<f64>,
}

impl Shown {
    /// The gravest of what stands beneath `rect`, if `layers` are painted one over the other;
    /// nothing where one even ground and rules of tables are all there is.
    ///
    /// # Errors
    ///
    /// [`PdfError::LimitExceeded`]: looking took too long.
    pub fn beneath<'s>(
        layers: impl IntoIterator<Item = &'s Self>,
        rect: [f64; 4],
        place: Place,
        limits: &mut ShownLimits,
    ) -> Result<Option<Mass>, PdfError> {
        let (gravest, ground) = Self::walk(layers, rect, place, limits)?;
        Ok(gravest.max(ground.is_drawn_on().then_some(Mass::Figure)))
    }

    /// The colour of the ground in a field's place, if it is even and known.
    ///
    /// # Errors
    ///
    /// [`PdfError::LimitExceeded`]: looking took too long.
    pub fn ground<'s>(
        layers: impl IntoIterator<Item = &'s Self>,
        rect: [f64; 4],
        limits: &mut ShownLimits,
    ) -> Result<Option<GroundColour>, PdfError> {
        let (_, ground) = Self::walk(layers, rect, Place::Field, limits)?;
        Ok(ground.colour().map(|colour| {
            let (space, parts) = match colour {
                Colour::Light(parts) => (None, parts.to_vec()),
                Colour::Print(parts) => (None, parts.to_vec()),
                Colour::Own(space, parts) => (Some(space), parts.to_vec()),
            };
            GroundColour { space, parts }
        }))
    }

    fn walk<'s>(
        layers: impl IntoIterator<Item = &'s Self>,
        rect: [f64; 4],
        place: Place,
        limits: &mut ShownLimits,
    ) -> Result<(Option<Mass>, Ground), PdfError> {
        let rect = Region::of(rect);
        let inner = rect.within(EDGE);
        let mut ground = Ground::white(rect, place);
        let mut gravest = None;
        for layer in layers {
            // Counted before it is done: what is spent by then is not looked at any more.
            limits.spend(layer.shapes().len() as u64 / LOOKS_A_STEP)?;
            let mut cost = 1_u64;
            for shape in layer.shapes() {
                match shape {
                    Shape::Area(area) if area.region.meets(&inner) => {
                        gravest = gravest.max(Some(area.mass));
                        ground.forget();
                    }
                    Shape::Area(_) => {}
                    Shape::Drawn(drawn) => cost = cost.saturating_add(ground.paint(drawn)),
                    Shape::Flood(clip) => ground.flood(*clip),
                }
            }
            limits.spend(cost / LOOKS_A_STEP)?;
        }
        Ok((gravest, ground))
    }
}
