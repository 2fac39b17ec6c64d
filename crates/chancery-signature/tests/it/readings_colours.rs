//! Signed files whose layers, colours or fonts say several things: each was drawn differently by at
//! least one of Poppler, PDFium and MuPDF.

use crate::forge::Forge;
use crate::readings::{signed, varies};

fn stream(entries: &str, content: &[u8]) -> String {
    let digits = hex::encode(content);
    let length = digits.len() + 1;
    format!("<<{entries}/Filter/ASCIIHexDecode/Length {length}>>\nstream\n{digits}>\nendstream")
}

/// A page with these resources; objects from 20 beside it.
fn drawn(resources: &str, others: &[(u32, &str)]) -> Forge {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 7 0 R>>{resources}>>\
            /Annots[5 0 R 6 0 R]>>"
    );
    let mut all = vec![(3, page.as_str())];
    all.extend(others);
    signed(&all)
}

/// Goal: layers that only some readers show are told. Method: a layer and a combination of layers
/// as writers write them, and such with expressions, other purposes or no layers.
#[test]
fn check_17_layers_that_readers_show_differently_are_told() {
    let layered = |configuration: &str, layer: &str, combined: &str| {
        let catalog = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>\
                /OCProperties<</OCGs[20 0 R]/D<<{configuration}>>>>>>"
        );
        let layer = format!("<</Type/OCG/Name(x){layer}>>");
        let combined = format!("<</Type/OCMD{combined}>>");
        let others = [
            (1, catalog.as_str()),
            (20, layer.as_str()),
            (21, combined.as_str()),
            (22, "<</Type/OCG/Name(y)>>"),
        ];
        drawn("/Properties<</P 20 0 R/Q 21 0 R>>", &others)
    };
    let plain = "/OCGs[20 0 R]";
    for (configuration, layer, combined) in [
        ("/ON[20 0 R]/Order[20 0 R]", "", plain),
        ("/Intent/View", "/Intent[/View/Design]", plain),
        (
            "",
            "/Usage<</CreatorInfo<</Creator(x)>>/View<</ViewState/ON>>>>",
            plain,
        ),
        ("", "", "/OCGs 20 0 R/P/AllOn"),
        ("", "", "/OCGs[20 0 R]/P/AllOff"),
    ] {
        varies(&layered(configuration, layer, combined), &[]);
    }
    for (configuration, layer, combined) in [
        ("/Intent/Design", "", plain),
        ("", "/Intent/Design", plain),
        ("", "/Usage<</View<</ViewState/OFF>>>>", plain),
        ("", "/Usage<</Zoom<</min 2>>>>", plain),
        ("", "", "/OCGs[20 0 R]/VE[/Not 20 0 R]"),
        ("", "", "/OCGs[20 0 R]/P/Some"),
        ("", "", "/OCGs[]"),
        ("", "", "/OCGs[null]"),
        ("", "", ""),
        ("", "", "/OCGs[22 0 R]"),
    ] {
        let forge = layered(configuration, layer, combined);
        varies(&forge, &["layers"]);
    }
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>\
        /OCProperties<</OCGs[20 0 R]/D<<>>>>>>";
    let others = [(1, catalog), (20, "<</Type/OCG/Name(x)>>")];
    let direct = "/Properties<</P<</Type/OCG/Name(y)>>>>";
    varies(&drawn(direct, &others), &["layers"]);
    let combined = "/Properties<</P<</Type/OCMD/OCGs[20 0 R]>>>>";
    varies(&drawn(combined, &others), &["layers"]);
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/OC<</Type/OCMD>>/Length 0>>\nstream\n\n\
        endstream";
    let others = [others[0], others[1], (23, form)];
    varies(&drawn("/XObject<</X 23 0 R>>", &others), &["layers"]);
}

/// Goal: states of graphics that only some readers heed are told. Method: opacities and functions
/// that turn colours around.
#[test]
fn check_17_states_of_graphics_that_some_readers_heed_are_told() {
    let state = |entries: &str| {
        let resources = format!("/ExtGState<</G<</Type/ExtGState{entries}>>>>");
        drawn(&resources, &[])
    };
    for entries in ["", "/ca 0.5/CA 1", "/TR/Identity", "/TR2/Default"] {
        varies(&state(entries), &[]);
    }
    let turned = "<</FunctionType 2/Domain[0 1]/N 1/C0[1]/C1[0]>>";
    for entries in [
        format!("/TR {turned}"),
        format!("/TR2 {turned}"),
        format!("/TR[{turned} {turned} {turned} {turned}]"),
        "/ca(0)".to_owned(),
        "/CA -1".to_owned(),
        "/ca 2".to_owned(),
    ] {
        varies(&state(&entries), &["colours"]);
    }
}

/// Goal: colours that readers make differently are told. Method: spaces as writers write them, and
/// inks that are none, names that belie functions, profiles and tables that are none.
#[test]
fn check_17_colours_that_readers_make_differently_are_told() {
    let mut profile = vec![0; 128];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[36..40].copy_from_slice(b"acsp");
    let profile = |entries: &str| stream(entries, &profile);
    let whole = profile("/N 3/Alternate/DeviceRGB");
    let program = |entries: &str, program: &str| {
        stream(&format!("/FunctionType 4{entries}"), program.as_bytes())
    };
    let four = "/Domain[0 1]/Range[0 1 0 1 0 1 0 1]";
    let black = program(four, "{0 0 0 4 3 roll}");
    let none = program(four, "{pop 0 0 0 0}");
    let lasting = stream(
        "/FunctionType 0/Domain[0 1]/Range[0 1 0 1 0 1 0 1]/Size[2]/BitsPerSample 8",
        &[0, 0, 0, 0, 0, 0, 0, 255],
    );
    let broken = profile("/N 4");
    let others = profile("/N 3/Alternate/DeviceCMYK");
    let unmarked = whole.replace(&hex::encode("acsp"), &hex::encode("----"));
    let objects = [
        (20, whole.as_str()),
        (21, &black),
        (22, &none),
        (23, &broken),
        (24, &others),
        (25, &lasting),
        (27, &unmarked),
    ];
    let of = |key: &str, space: &str| drawn(&format!("/ColorSpace<</{key} {space}>>"), &objects);
    let dark = "<</FunctionType 2/Domain[0 1]/N 1/C0[1]/C1[0]>>";
    let light = "<</FunctionType 2/Domain[0 1]/N 1/C0[0]/C1[1]>>";
    for space in [
        format!("[/Separation/Spot/DeviceGray {light}]"),
        format!("[/Separation/Black/DeviceGray {dark}]"),
        "[/Separation/Black/DeviceCMYK 21 0 R]".to_owned(),
        "[/Separation/Black/DeviceCMYK 25 0 R]".to_owned(),
        "[/DeviceN[/Cyan/Spot/None]/DeviceCMYK 26 0 R]".to_owned(),
        "[/CalRGB<</WhitePoint[0.95 1 1.09]/Gamma[2.2 2.2 2.2]>>]".to_owned(),
        "[/CalGray<</WhitePoint[1 1 1]/Gamma 2.2>>]".to_owned(),
        "[/Lab<</WhitePoint[0.95 1 1.09]>>]".to_owned(),
        "[/ICCBased 20 0 R]".to_owned(),
        "[/Indexed/DeviceRGB 1<000000FFFFFF>]".to_owned(),
        "[/Indexed[/ICCBased 20 0 R]1<000000FFFFFF0A>]".to_owned(),
    ] {
        varies(&of("C", &space), &[]);
    }
    varies(&of("DefaultRGB", "[/ICCBased 20 0 R]"), &[]);
    for space in [
        format!("[/Separation/None/DeviceGray {dark}]"),
        format!("[/Separation/All/DeviceGray {dark}]"),
        format!("[/Separation/Black/DeviceGray {light}]"),
        "[/Separation/Black/DeviceCMYK 22 0 R]".to_owned(),
        "[/Separation/Cyan/DeviceCMYK 21 0 R]".to_owned(),
        "[/Separation/Black/DeviceGray]".to_owned(),
        format!("[/DeviceN[/None/None]/DeviceGray {dark}]"),
        format!("[/DeviceN[/All/Cyan]/DeviceGray {dark}]"),
        "[/CalGray<</WhitePoint[1 1 1]/Gamma 30>>]".to_owned(),
        "[/CalGray<</WhitePoint[1 1 1]/Gamma 0>>]".to_owned(),
        "[/CalGray<</WhitePoint[0 0 0]>>]".to_owned(),
        "[/CalRGB<</WhitePoint[1 1 1]/Matrix[0 0 0 0 0 0 0 0 0]>>]".to_owned(),
        "[/Lab<<>>]".to_owned(),
        "[/ICCBased 23 0 R]".to_owned(),
        "[/ICCBased 24 0 R]".to_owned(),
        "[/ICCBased 21 0 R]".to_owned(),
        "[/ICCBased 27 0 R]".to_owned(),
        "[/Indexed/DeviceRGB 1<000000FFFF>]".to_owned(),
        "[/Indexed/DeviceGray 0<00FF>]".to_owned(),
    ] {
        varies(&of("C", &space), &["colours"]);
    }
    let spot = format!("[/Separation/Spot/DeviceGray {light}]");
    varies(&of("DefaultGray", &spot), &["colours"]);
    varies(
        &of("DefaultRGB", "[/CalGray<</WhitePoint[1 1 1]>>]"),
        &["colours"],
    );
    for (text, how) in [
        ("{1 exch sub}", &[][..]),
        ("{1 eq}", &["colours"]),
        ("{0 idiv}", &["colours"]),
        ("{4294967297 mul 4294967296 sub}", &["colours"]),
    ] {
        let function = program("/Domain[0 1]/Range[0 1]", text);
        let space = "/ColorSpace<</C[/Separation/Spot/DeviceGray 20 0 R]>>";
        varies(&drawn(space, &[(20, &function)]), how);
    }
}

/// Goal: patterns and shadings that only some readers draw are told. Method: tiles in steps of
/// nothing, a shading from one place to the same.
#[test]
fn check_17_patterns_and_shadings_of_no_extent_are_told() {
    let tiled = |step: &str| {
        let pattern = format!(
            "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep {step}\
                /YStep 9/Resources<<>>/Length 12>>\nstream\n0 0 9 9 re f\nendstream"
        );
        drawn("/Pattern<</P 20 0 R>>", &[(20, &pattern)])
    };
    varies(&tiled("9"), &[]);
    varies(&tiled("0"), &["colours"]);
    let shaded = |kind: u32, places: &str| {
        let shading = format!(
            "<</ShadingType {kind}/ColorSpace/DeviceGray/Coords[{places}]/Function\
                <</FunctionType 2/Domain[0 1]/N 1/C0[0]/C1[1]>>>>"
        );
        drawn("/Shading<</S 20 0 R>>", &[(20, &shading)])
    };
    varies(&shaded(2, "0 0 0 1"), &[]);
    varies(&shaded(3, "0 0 0 0 0 9"), &[]);
    for (kind, places) in [(2, "1 1 1 1"), (3, "1 1 5 1 1 5"), (2, "1 1")] {
        varies(&shaded(kind, places), &["colours"]);
    }
}

/// A font with nothing but tables of codes: platform, its encoding, the first code and the letters.
fn font(tables: &[(u16, u16, u16, &[u16])]) -> Vec<u8> {
    let mut codes = [0_u16, tables.len() as u16].map(u16::to_be_bytes).concat();
    let mut bodies: Vec<u8> = Vec::new();
    for (platform, encoding, first, letters) in tables {
        let offset = 4 + 8 * tables.len() + bodies.len();
        codes.extend([*platform, *encoding].map(u16::to_be_bytes).concat());
        codes.extend((offset as u32).to_be_bytes());
        let count = letters.len() as u16;
        let head = [6, 10 + 2 * count, 0, *first, count];
        bodies.extend(head.map(u16::to_be_bytes).concat());
        bodies.extend(letters.iter().flat_map(|letter| letter.to_be_bytes()));
    }
    codes.extend(bodies);
    let mut font = vec![0, 1, 0, 0, 0, 1, 0, 16, 0, 0, 0, 0];
    font.extend(b"cmap\0\0\0\0");
    font.extend(28_u32.to_be_bytes());
    font.extend((codes.len() as u32).to_be_bytes());
    font.extend(codes);
    font
}

/// Goal: a font in which a 1 is a 9 for some is told. Method: fonts with two tables of codes that
/// say the same or know different codes, and such that say different letters.
#[test]
fn check_17_a_font_whose_codes_stand_for_several_letters_is_told() {
    let shown = |tables: &[(u16, u16, u16, &[u16])]| {
        let program = stream("", &font(tables));
        let font = "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+X/FontDescriptor 20 0 R>>";
        let descriptor = "<</Type/FontDescriptor/FontName/ABCDEF+X/FontFile2 21 0 R>>";
        signed(&[(7, font), (20, descriptor), (21, &program)])
    };
    let (own, other): (&[u16], &[u16]) = (&[1, 2], &[1, 3]);
    for tables in [
        &[(1, 0, 48, own)][..],
        &[(1, 0, 48, own), (3, 1, 48, own)],
        &[(1, 0, 48, own), (3, 0, 0xf030, own)],
        &[(1, 0, 48, own), (3, 0, 48, own)],
        &[(1, 0, 48, own), (3, 1, 60, other)],
        // The same letter of another code: a bullet.
        &[(1, 0, 0xa5, own), (3, 1, 0x2022, &[1, 9])],
        // A table of another kind.
        &[(1, 0, 48, own), (0, 3, 48, other)],
    ] {
        varies(&shown(tables), &[]);
    }
    for tables in [
        &[(1, 0, 48, own), (3, 1, 48, other)][..],
        &[(1, 0, 48, own), (3, 0, 0xf030, other)],
        &[(3, 0, 0xf030, own), (3, 1, 48, other)],
        &[(1, 0, 48, own), (3, 0, 48, other)],
        &[(1, 0, 0xa5, own), (3, 1, 0x2022, &[9])],
        &[(1, 0, 0x80, own), (3, 0, 0xf080, other)],
    ] {
        varies(&shown(tables), &["letters"]);
    }
}
