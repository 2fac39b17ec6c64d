//! A page that cannot be drawn: it is tried once, the others are drawn, and readers are told.

use std::io::Write as _;

use chancery::app::AppError;
use chancery::jobs::Runner;
use chancery::store::entity::{jobs, page_images, undrawable_pages};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sea_orm::EntityTrait as _;
use sea_orm::sea_query::Expr;

use super::pages::Browser;
use super::paper::create;
use crate::support::{TestApp, on_both, pdfs};

/// Three pages, the second with more content than a page may have: small when packed.
fn with_a_heavy_page() -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let line = b"0 0 m 1 1 l S\n".repeat(10_000);
    for _ in 0..200 {
        packed.write_all(&line).expect("packed");
    }
    let packed = packed.finish().expect("packed");
    let length = packed.len();
    let mut heavy = format!("<</Filter/FlateDecode/Length {length}>>\nstream\n").into_bytes();
    heavy.extend(packed);
    heavy.extend(b"\nendstream");
    let page = |content: u32| {
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents {content} 0 R>>")
    };
    pdfs::assemble(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>".to_vec(),
        page(6).into_bytes(),
        page(7).into_bytes(),
        page(6).into_bytes(),
        b"<</Length 14>>\nstream\n0 0 m 1 1 l S\n\nendstream".to_vec(),
        heavy,
    ])
}

/// Goal: a page that cannot be drawn costs its time once and holds up no other; readers learn it in
/// words, with the original one tap away; a day later, or by another renderer, it is tried again.
/// Method: a page that unpacks to more than a page may have; the note aged by hand.
#[tokio::test]
async fn a_page_that_cannot_be_drawn_is_tried_once_and_told() {
    on_both(async |house: &TestApp| {
        let file = with_a_heavy_page();
        assert!(file.len() < 100_000, "{}", file.len());
        let created = create(house, &file).await.expect("a document");
        Runner::new(house.app.clone()).drain().await.expect("drawn");
        let reader = house.app.store.reader();
        let job = jobs::Entity::find().one(reader).await.expect("rows");
        assert_eq!(job.expect("a job").state, "done");
        let drawn = page_images::Entity::find().all(reader).await.expect("rows");
        let drawn: Vec<i64> = drawn.iter().map(|row| row.page).collect();
        assert_eq!(drawn, [1, 3]);
        let noted = async || {
            undrawable_pages::Entity::find()
                .all(reader)
                .await
                .expect("rows")
        };
        let first = noted().await;
        assert_eq!((first.len(), first[0].page), (1, 2));

        let initiator = house.actor("initiator");
        house.advance_seconds(1);
        let look = async || house.app.see_page(&initiator, created.id, None, 2).await;
        let refused = |answer| {
            matches!(
                answer,
                Err(AppError::Refused {
                    code: "page-not-drawable",
                    ..
                })
            )
        };
        assert!(refused(look().await));
        assert_eq!(noted().await, first, "it was not tried again");
        let browser = Browser::of(house, "initiator").await;
        let page = browser.page(&format!("/documents/{}", created.id)).await;
        assert!(page.contains("Страницу 2 показать не получилось"), "{page}");
        assert!(!page.contains("/pages/2.png") && page.contains("/pages/3.png"));
        assert!(page.contains(&format!("/documents/{}/versions/1/file", created.id)));

        house.advance_seconds(86_401);
        assert!(refused(look().await));
        let again = noted().await;
        assert!(again[0].failed_at > first[0].failed_at, "a day later it is");
        undrawable_pages::Entity::update_many()
            .col_expr(
                undrawable_pages::Column::Renderer,
                Expr::value("another 1.0"),
            )
            .exec(house.app.store.writer())
            .await
            .expect("another");
        house.advance_seconds(1);
        assert!(refused(look().await));
        assert!(
            noted().await[0].failed_at > again[0].failed_at,
            "and by another renderer"
        );
        browser.served.stop().await;
    })
    .await;
}
