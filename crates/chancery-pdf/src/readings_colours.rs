//! Colours that readers make each in its own way (ISO 32000-2, 8.6): inks that are none, spaces
//! that say one thing by their name and another by their numbers, profiles that are none.

use crate::calculator;
use crate::object::{Dictionary, Object, Stream};
use crate::readings::Varies;
use crate::readings_walk::Walk;

/// Inks of every printer, with the parts of four inks that they are.
const INKS: [&[u8]; 4] = [b"Cyan", b"Magenta", b"Yellow", b"Black"];
/// Inks that are all of them, or none: some readers draw with them and some do not.
const NO_INKS: [&[u8]; 2] = [b"All", b"None"];
/// Colours of devices that a page may explain anew (8.6.5.6).
const DEFAULTS: [(&[u8], usize); 3] =
    [(b"DefaultGray", 1), (b"DefaultRGB", 3), (b"DefaultCMYK", 4)];
/// Exponents that all readers count with.
const GAMMAS: std::ops::RangeInclusive<f64> = 0.1..=10.0;
/// Where the mark of a profile stands, and the word for its space (ISO 15076-1, 7.2).
const PROFILE_MARK: (usize, &[u8]) = (36, b"acsp");
const PROFILE_SPACE: std::ops::Range<usize> = 16..20;
/// Most bytes of programs that are tried in one file.
pub(crate) const FUNCTION_BYTES_MAX: u64 = 1024 * 1024;
/// How deep spaces are within one another.
const SPACES_MAX: u32 = 4;
/// Functions that turn what is painted into something else, but for these that do nothing.
const TRANSFERS: [&[u8]; 2] = [b"TR", b"TR2"];
const NO_TRANSFERS: [&[u8]; 2] = [b"Identity", b"Default"];

impl Walk<'_, '_> {
    /// A list that may be a space of colours.
    pub(crate) fn colours(&mut self, space: &[Object]) {
        let plain = match space.first().and_then(Object::as_name) {
            Some(b"Separation") => self.is_plain_ink(space),
            Some(b"DeviceN") => self.are_plain_inks(space),
            Some(b"CalGray" | b"CalRGB" | b"Lab") => self.is_measured(space),
            Some(b"ICCBased") => self.has_profile(space),
            Some(b"Indexed") => self.has_whole_table(space),
            _ => true,
        };
        if !plain {
            self.varies(Varies::Colours);
        }
    }

    /// What a dictionary says of colours: states of graphics, patterns, shadings, spaces that stand
    /// for those of devices.
    pub(crate) fn colours_in(&mut self, own: &Dictionary) {
        let is_whole = |value: &Object| match value {
            Object::Name(name) => NO_TRANSFERS.contains(&name.as_slice()),
            Object::Null => true,
            _ => false,
        };
        let turns = TRANSFERS
            .iter()
            .any(|key| own.get(key).is_some() && !is_whole(&self.value(own, key)));
        let is_state = own.is_name(b"Type", b"ExtGState");
        let mut opaque = true;
        for key in [&b"ca"[..], b"CA"] {
            if own.get(key).is_some() && (is_state || key == b"ca") {
                let part = self.value(own, key).as_number();
                opaque &= part.is_some_and(|part| (0.0..=1.0).contains(&part));
            }
        }
        let steps = [&b"XStep"[..], b"YStep"]
            .iter()
            .all(|key| own.get(key).is_none() || self.value(own, key).as_number() != Some(0.0));
        let mut remapped = true;
        for (key, parts) in DEFAULTS {
            if let Some(space) = own.get(key) {
                remapped &= self.is_as_of_device(&space.clone(), parts);
            }
        }
        let shades = own.get(b"ShadingType").is_none() || self.is_shaded(own);
        if turns || !opaque || !steps || !remapped || !shades {
            self.varies(Varies::Colours);
        }
    }

    /// A function that is a program (7.10.5).
    pub(crate) fn function(&mut self, stream: &Stream) {
        let own = &stream.dictionary;
        if own.get(b"FunctionType").and_then(Object::as_integer) != Some(4) {
            return;
        }
        let parts = |key: &[u8]| own.get(key).and_then(Object::as_array).map(<[Object]>::len);
        let (Some(taken), Some(given)) = (parts(b"Domain"), parts(b"Range")) else {
            return self.varies(Varies::Colours);
        };
        let program = self.program(stream);
        let sound = program.is_some_and(|program| {
            self.may_run(&program) && calculator::is_sound(&program, taken / 2, given / 2)
        });
        if !sound {
            self.varies(Varies::Colours);
        }
    }

    /// Whether a program may still be tried.
    fn may_run(&mut self, program: &[u8]) -> bool {
        let left = self.functions_left.checked_sub(program.len() as u64);
        self.functions_left = left.unwrap_or(0);
        left.is_some()
    }

    fn program(&mut self, stream: &Stream) -> Option<Vec<u8>> {
        let mut left = self.programs_left;
        let bytes = self.decode_some(stream, &mut left);
        self.programs_left = left;
        bytes.ok()
    }

    fn is_plain_ink(&mut self, space: &[Object]) -> bool {
        let [_, name, outer, function, ..] = space else {
            return false;
        };
        let Ok(Object::Name(name)) = self.pdf.resolve(name) else {
            return false;
        };
        let Some(place) = INKS.iter().position(|ink| *ink == name.as_slice()) else {
            return !NO_INKS.contains(&name.as_slice());
        };
        // Printers, and some readers, take their own ink whatever the function says.
        let full = self.at_full(&function.clone());
        let space = self.pdf.resolve(outer).unwrap_or(Object::Null);
        let parts = self.parts_of(&space, 0);
        let dark = |part: &f64| *part <= 0.5;
        match (parts, full.as_deref()) {
            (Some(4), Some(full)) => {
                let mut parts = full.iter().enumerate();
                parts.all(|(at, part)| (at == place) == (*part > 0.5))
            }
            (Some(1), Some([grey])) => place != 3 || dark(grey),
            (Some(3), Some(full)) if place == 3 => full.iter().all(dark),
            (Some(3), Some(full)) => full.get(place).is_some_and(dark),
            _ => false,
        }
    }

    fn are_plain_inks(&mut self, space: &[Object]) -> bool {
        let names = space.get(1).map(|names| self.pdf.resolve(names));
        let Some(Ok(Object::Array(names))) = names else {
            return false;
        };
        let names = names.iter().map(|name| self.pdf.resolve(name));
        let names: Result<Vec<Object>, _> = names.collect();
        let names = names.unwrap_or_default();
        let is = |name: &Object, ink: &[u8]| name.as_name() == Some(ink);
        // Some of several may be left out.
        let draws = names.iter().any(|name| !is(name, b"None"));
        draws
            && names
                .iter()
                .all(|name| name.as_name().is_some() && !is(name, b"All"))
    }

    /// Whether a space is measured by numbers that all readers count with.
    fn is_measured(&mut self, space: &[Object]) -> bool {
        let said = space.get(1).map(|said| self.pdf.resolve(said));
        let Some(Ok(Object::Dictionary(said))) = said else {
            return false;
        };
        let white = self.value(&said, b"WhitePoint");
        let white: Vec<f64> = numbers(&white);
        let lit = matches!(white.as_slice(), [x, y, z] if *x > 0.0 && *y == 1.0 && *z > 0.0);
        let gamma = match self.value(&said, b"Gamma") {
            Object::Null => vec![1.0],
            Object::Array(each) => each.iter().filter_map(Object::as_number).collect(),
            one => one.as_number().into_iter().collect(),
        };
        let matrix = match self.value(&said, b"Matrix") {
            Object::Null => true,
            matrix => numbers(&matrix).iter().any(|part| *part != 0.0),
        };
        lit && matrix && !gamma.is_empty() && gamma.iter().all(|one| GAMMAS.contains(one))
    }

    /// Whether a profile is one, and of as many parts as it says.
    fn has_profile(&mut self, space: &[Object]) -> bool {
        let id = space.get(1).and_then(Object::as_reference);
        if let Some(known) = id.and_then(|id| self.profiles.get(&id.number)) {
            return *known;
        }
        let sound = id.is_some_and(|id| match self.pdf.get(id) {
            Ok(Object::Stream(stream)) => self.is_profile(&stream),
            _ => false,
        });
        self.profiles.extend(id.map(|id| (id.number, sound)));
        sound
    }

    fn is_profile(&mut self, stream: &Stream) -> bool {
        let parts = self.value(&stream.dictionary, b"N").as_integer();
        let parts = parts.and_then(|parts| usize::try_from(parts).ok());
        let spaces: &[&[u8]] = match parts {
            Some(1) => &[b"GRAY"],
            Some(3) => &[
                b"RGB ", b"Lab ", b"XYZ ", b"YCbr", b"HSV ", b"HLS ", b"3CLR",
            ],
            Some(4) => &[b"CMYK", b"4CLR"],
            _ => return false,
        };
        let other = self.value(&stream.dictionary, b"Alternate");
        let fits = other == Object::Null || self.parts_of(&other, 0) == parts;
        let Some(profile) = self.program(stream) else {
            return false;
        };
        let (at, mark) = PROFILE_MARK;
        let marked = profile.get(at..).is_some_and(|rest| rest.starts_with(mark));
        let space = profile.get(PROFILE_SPACE);
        fits && marked && space.is_some_and(|space| spaces.contains(&space))
    }

    /// Whether a table of colours has all that may be asked of it.
    fn has_whole_table(&mut self, space: &[Object]) -> bool {
        let [_, base, last, table, ..] = space else {
            return false;
        };
        let base = self.pdf.resolve(base).unwrap_or(Object::Null);
        let last = self
            .pdf
            .resolve(last)
            .ok()
            .and_then(|last| last.as_integer());
        let last = last.and_then(|last| usize::try_from(last).ok());
        let table = match self.pdf.resolve(table) {
            Ok(Object::String(table)) => Some(table.bytes),
            Ok(Object::Stream(table)) => self.program(&table),
            _ => None,
        };
        let (Some(parts), Some(last)) = (self.parts_of(&base, 0), last) else {
            return false;
        };
        let whole = last.saturating_add(1).saturating_mul(parts);
        let behind = table.as_ref().and_then(|table| table.get(whole..));
        // An end of line, which writers leave there.
        last <= 255 && behind.is_some_and(|behind| behind.trim_ascii().is_empty())
    }

    /// How many parts a colour of a space has; nothing for what is none.
    fn parts_of(&mut self, space: &Object, depth: u32) -> Option<usize> {
        let name = match space {
            Object::Name(name) => name.as_slice(),
            Object::Array(space) => space.first()?.as_name()?,
            _ => return None,
        };
        match name {
            b"DeviceGray" | b"G" | b"CalGray" | b"Separation" | b"Indexed" => Some(1),
            b"DeviceRGB" | b"RGB" | b"CalRGB" | b"Lab" => Some(3),
            b"DeviceCMYK" | b"CMYK" => Some(4),
            b"DeviceN" => {
                let names = self.pdf.resolve(space.as_array()?.get(1)?).ok()?;
                Some(names.as_array()?.len())
            }
            b"ICCBased" if depth < SPACES_MAX => {
                let profile = self.pdf.resolve(space.as_array()?.get(1)?).ok()?;
                let parts = self.value(profile.as_dictionary()?, b"N").as_integer()?;
                usize::try_from(parts).ok()
            }
            _ => None,
        }
    }

    /// Whether a space that stands for one of a device is much like it.
    fn is_as_of_device(&mut self, space: &Object, parts: usize) -> bool {
        let space = self.pdf.resolve(space).unwrap_or(Object::Null);
        let name = match &space {
            Object::Array(space) => space.first().and_then(Object::as_name),
            space => space.as_name(),
        };
        let kinds: [&[u8]; 6] = [
            b"ICCBased",
            b"CalGray",
            b"CalRGB",
            b"DeviceGray",
            b"DeviceRGB",
            b"DeviceCMYK",
        ];
        let is_kind = name.is_some_and(|name| kinds.contains(&name));
        is_kind && self.parts_of(&space, 0) == Some(parts)
    }

    /// Whether a shading goes from one place to another (8.7.4.5.3).
    fn is_shaded(&mut self, shading: &Dictionary) -> bool {
        let places = numbers(&self.value(shading, b"Coords"));
        match (
            shading.get(b"ShadingType").and_then(Object::as_integer),
            places.as_slice(),
        ) {
            (Some(2), [x, y, to_x, to_y]) => x != to_x || y != to_y,
            (Some(3), [x, y, from, to_x, to_y, to]) => x != to_x || y != to_y || from != to,
            (Some(2 | 3), _) => false,
            _ => true,
        }
    }

    /// What a function of one number gives for 1 (7.10); nothing where that is not known here.
    fn at_full(&mut self, function: &Object) -> Option<Vec<f64>> {
        let number = function.as_reference().map(|id| id.number);
        if let Some(known) = number.and_then(|number| self.inks.get(&number)) {
            return known.clone();
        }
        let full = self.try_at_full(function);
        self.inks
            .extend(number.map(|number| (number, full.clone())));
        full
    }

    fn try_at_full(&mut self, function: &Object) -> Option<Vec<f64>> {
        match self.pdf.resolve(function).ok()? {
            Object::Dictionary(own) if own.get(b"FunctionType")?.as_integer()? == 2 => {
                match self.value(&own, b"C1") {
                    Object::Null => Some(vec![1.0]),
                    full => Some(numbers(&full)),
                }
            }
            Object::Stream(stream) => {
                let own = &stream.dictionary;
                let given = numbers(&self.value(own, b"Range"));
                let parts = given.len() / 2;
                let bytes = self.program(&stream)?;
                match own.get(b"FunctionType")?.as_integer()? {
                    4 if self.may_run(&bytes) => calculator::run(&bytes, &[1.0], parts),
                    0 if own.get(b"BitsPerSample")?.as_integer() == Some(8) => {
                        let size = self.value(own, b"Size");
                        let count = size.as_array()?.first()?.as_integer()?;
                        let from = usize::try_from(count).ok()?.checked_sub(1)?;
                        let from = from.checked_mul(parts)?;
                        let last = bytes.get(from..from.checked_add(parts)?)?;
                        Some(last.iter().map(|part| f64::from(*part) / 255.0).collect())
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn numbers(list: &Object) -> Vec<f64> {
    let list = list.as_array().unwrap_or(&[]).iter();
    list.filter_map(Object::as_number).collect()
}
