//! The counterparty's way: in by a link, a code, the pages, two consents, a signature, the proof.
//!
//! Ask, refuse, hand over and "we disagree" stand on every step. A GET changes nothing.

pub mod disagree;
pub mod enter;
pub mod front;
pub mod gist;
pub mod proof;
pub mod read;
pub mod resend;
pub mod seat;
pub mod visitor;
pub mod words;

use actix_web::web;

use crate::web::routes::{Audience, Route};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/s", Audience::Everyone, || web::get().to(enter::get_entry)),
    Route::post("/s", Audience::Everyone, || {
        web::post().to(enter::post_entry)
    }),
    Route::get("/s/document", Audience::Link, || {
        web::get().to(front::get_front)
    }),
    Route::post("/s/code/send", Audience::Link, || {
        web::post().to(front::post_send_code)
    }),
    Route::post("/s/code", Audience::Link, || {
        web::post().to(front::post_code)
    }),
    Route::post("/s/renew", Audience::Link, || {
        web::post().to(front::post_renew)
    }),
    Route::get("/s/read", Audience::Link, || web::get().to(read::get_read)),
    Route::post("/s/read", Audience::Link, || {
        web::post().to(read::post_read)
    }),
    Route::get("/s/pages/{page}.png", Audience::Link, || {
        web::get().to(read::get_page)
    }),
    Route::get("/s/file", Audience::Link, || web::get().to(read::get_file)),
    Route::get("/s/attachments/{position}", Audience::Link, || {
        web::get().to(read::get_attachment)
    }),
    Route::get("/s/sign", Audience::Link, || web::get().to(seat::get_sign)),
    Route::post("/s/consents", Audience::Link, || {
        web::post().to(seat::post_consents)
    }),
    Route::post("/s/sign", Audience::Link, || {
        web::post().to(seat::post_sign)
    }),
    Route::post("/s/sign/prepare", Audience::Link, || {
        web::post().to(seat::post_prepare)
    }),
    Route::get("/s/sign/{signing}/file", Audience::Link, || {
        web::get().to(seat::get_prepared)
    }),
    Route::post("/s/sign/complete", Audience::Link, || {
        web::post().to(seat::post_complete)
    }),
    Route::get("/s/signed.pdf", Audience::Link, || {
        web::get().to(seat::get_signed)
    }),
    Route::get("/s/sheet.png", Audience::Link, || {
        web::get().to(seat::get_sheet)
    }),
    Route::get("/s/detached/{signature}", Audience::Link, || {
        web::get().to(proof::get_detached)
    }),
    Route::get("/s/detached/{signature}/file", Audience::Link, || {
        web::get().to(proof::get_covered)
    }),
    Route::get("/s/evidence.json", Audience::Link, || {
        web::get().to(front::get_evidence)
    }),
    Route::get("/s/sign/file", Audience::Link, || {
        web::get().to(seat::get_base)
    }),
    Route::get("/s/ask", Audience::Link, || web::get().to(words::get_ask)),
    Route::post("/s/ask", Audience::Link, || web::post().to(words::post_ask)),
    Route::get("/s/refuse", Audience::Link, || {
        web::get().to(words::get_refuse)
    }),
    Route::post("/s/refuse", Audience::Link, || {
        web::post().to(words::post_refuse)
    }),
    Route::get("/s/disagree", Audience::Link, || {
        web::get().to(disagree::get_disagree)
    }),
    Route::post("/s/disagree", Audience::Link, || {
        web::post().to(disagree::post_disagree)
    }),
    Route::get("/s/hand-over", Audience::Link, || {
        web::get().to(words::get_hand_over)
    }),
    Route::post("/s/hand-over", Audience::Link, || {
        web::post().to(words::post_hand_over)
    }),
];
