//! What a comparison leaves to the next one: tables of the newer revision, which is its older one.

use std::collections::BTreeSet;

use chancery_pdf::field_table::TableField;
use chancery_pdf::page::Page;
use chancery_pdf::searched::Searched;
use chancery_pdf::{FieldTable, ObjectId, PageTable, Pdf, PdfError};

use crate::changes::Comparison;
use crate::surroundings::Surroundings;

/// Tables of one revision; what is missing is made when it is needed.
#[derive(Default)]
pub(crate) struct Known {
    pub around: Option<Surroundings>,
    pub fields: Option<FieldTable>,
    pub pages: Option<PageTable>,
    /// What a search of the earlier revision finds, where that was asked.
    pub searched: Searched,
    /// How many objects were read to make them, and for comparisons beside those that were written.
    pub walked: u64,
}

/// What the written objects belong to in the earlier revision, and the tables of the later one.
pub(crate) struct Met {
    pub form: bool,
    pub fields: Vec<TableField>,
    pub pages: Vec<Page>,
    pub upper: Vec<ObjectId>,
    fields_after: Result<FieldTable, PdfError>,
    pages_after: Result<PageTable, PdfError>,
}

impl Met {
    /// Looks up `written` in the tables of `before`, and turns these into the tables of `after`.
    ///
    /// Where objects may have changed that were not written, everything counts as met.
    fn meet(
        known: &mut Known,
        before: &Pdf<'_>,
        after: &Pdf<'_>,
        written: &BTreeSet<u32>,
    ) -> Result<Self, PdfError> {
        let mut walked = 0;
        let mut fields = match known.fields.take() {
            Some(fields) => fields,
            None => {
                let fields = FieldTable::of(before)?;
                walked += fields.size();
                fields
            }
        };
        let mut pages = match known.pages.take() {
            Some(pages) => pages,
            None => {
                let pages = PageTable::of(before)?;
                walked += pages.size();
                pages
            }
        };
        let around = known.around.as_ref();
        let met = if around.is_some_and(|around| around.is_steady(before, after, written)) {
            let form = fields.is_form_written(after, written);
            let (touched, shown) = (fields.touched_by(written), pages.touched_by(written));
            let upper = pages.upper_among(written);
            let grown = fields.advance(before, after, written);
            walked = walked.saturating_add(grown.as_ref().copied().unwrap_or_default());
            let fields_after = grown.map(|_| fields);
            let grown = pages.advance(before, after, written);
            walked = walked.saturating_add(grown.as_ref().copied().unwrap_or_default());
            Self {
                form,
                fields: touched,
                pages: shown,
                upper,
                fields_after,
                pages_after: grown.map(|_| pages),
            }
        } else {
            walked = walked.saturating_add(fields.size());
            walked = walked.saturating_add(pages.size());
            Self {
                form: true,
                fields: fields.all(),
                pages: pages.pages().to_vec(),
                upper: pages.upper_among(written),
                fields_after: FieldTable::of(after),
                pages_after: PageTable::of(after),
            }
        };
        known.walked = known.walked.saturating_add(walked as u64);
        Ok(met)
    }
}

impl Comparison<'_, '_> {
    /// Reads or extends the tables; what follows needs them.
    pub(crate) fn meet_tables(&mut self) -> Result<(), PdfError> {
        let met = Met::meet(&mut self.known, self.before, self.after, &self.written)?;
        self.met = Some(met);
        Ok(())
    }

    /// The tables of the later revision, for the comparison that it is the earlier one of. Where
    /// anything went wrong they are made anew.
    pub(crate) fn leave(mut self, in_order: bool) -> Known {
        let around = self.known.around.as_mut();
        let read = around.map_or(0, |around| std::mem::take(&mut around.walked));
        self.known.walked = self.known.walked.saturating_add(read);
        if !in_order {
            return Known {
                walked: self.known.walked,
                ..Known::default()
            };
        }
        let is_known = self.known.fields.is_some() && self.known.pages.is_some();
        if self.met.is_none() && is_known {
            // Nothing that counts was changed, but tables name places too.
            let _made_anew = self.meet_tables();
        }
        let mut known = self.known;
        if let Some(met) = self.met {
            known.fields = met.fields_after.ok();
            known.pages = met.pages_after.ok();
        }
        let (before, after) = (self.before, self.after);
        let around = known.around.as_mut();
        let grown = around
            .is_some_and(|around| around.advance(before, after, &self.written, &self.touched));
        if !grown {
            // The tables of the form and the pages are of no more use than this.
            return Known {
                walked: known.walked,
                searched: known.searched,
                ..Known::default()
            };
        }
        known
    }

    /// The fields of the earlier revision that the later one may have changed.
    pub(crate) fn met_fields(&self) -> Vec<TableField> {
        let met = self.met.as_ref();
        met.map_or_else(Vec::new, |met| met.fields.clone())
    }

    pub(crate) fn fields_after(&self) -> Result<&FieldTable, PdfError> {
        match &self.met {
            Some(met) => met.fields_after.as_ref().map_err(Clone::clone),
            None => Err(PdfError::WrongType { what: "the form" }),
        }
    }

    pub(crate) fn pages_after(&self) -> Result<&PageTable, PdfError> {
        match &self.met {
            Some(met) => met.pages_after.as_ref().map_err(Clone::clone),
            None => Err(PdfError::WrongType { what: "/Pages" }),
        }
    }
}
