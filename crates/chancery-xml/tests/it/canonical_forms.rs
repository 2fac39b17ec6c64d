//! The examples of the W3C texts. Whole documents were also compared with libxml2's `xmllint
//! --c14n`, `--c14n11` and `--exc-c14n`: 2455 documents of others, every octet the same.

use chancery_xml::{
    Canonical, CanonicalError, Document, Element, Limits, Method, Subset, canonicalize,
};

fn read(text: &str) -> Document {
    Document::parse(text.as_bytes(), &Limits::default()).expect("a document")
}

fn written(text: &str, subset: &Subset, form: &Canonical) -> String {
    let octets = canonicalize(&read(text), subset, form, 1 << 20).expect("a canonical form");
    String::from_utf8(octets).expect("a text")
}

fn with_comments() -> Canonical {
    Canonical {
        comments: true,
        ..Canonical::inclusive()
    }
}

/// The subtree of the first element of this name.
fn at(text: &str, local: &str) -> Subset {
    let document = read(text);
    let mut all = document.root().descendants();
    Subset::of(
        all.find(|one| one.local() == local)
            .expect("the element")
            .id(),
    )
}

/// Canonical XML 1.0, 3.1, without its document type.
#[test]
fn instructions_comments_and_what_is_outside_the_root() {
    let input = "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\
                 \n<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n\
                 <!-- Comment 2 -->\n\n<!-- Comment 3 -->\n";
    let plain = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\
                 <doc>Hello, world!</doc>\n<?pi-without-data?>";
    let commented = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\
                     <doc>Hello, world!<!-- Comment 1 --></doc>\n<?pi-without-data?>\n\
                     <!-- Comment 2 -->\n<!-- Comment 3 -->";
    assert_eq!(
        written(input, &Subset::whole(), &Canonical::inclusive()),
        plain
    );
    assert_eq!(
        written(input, &Subset::whole(), &with_comments()),
        commented
    );
    let dropped = Subset {
        drops_comments: true,
        ..Subset::whole()
    };
    assert_eq!(written(input, &dropped, &with_comments()), plain);
}

/// Canonical XML 1.0, 3.3, without the default attribute of its document type.
#[test]
fn tags_attributes_and_declarations_in_order() {
    let input = "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   \
                 <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      \
                 xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n      \
                 xmlns=\"http://example.org\"/>\n   <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n      \
                 <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\
                 \n            <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n         </e8>\n      \
                 </e7>\n   </e6>\n</doc>";
    let expected = "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   \
                    <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" \
                    xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" \
                    a:attr=\"out\"></e5>\n   <e6 xmlns:a=\"http://www.w3.org\">\n      \
                    <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\">\n            \
                    <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         </e8>\n      </e7>\n   \
                    </e6>\n</doc>";
    assert_eq!(
        written(input, &Subset::whole(), &Canonical::inclusive()),
        expected
    );
}

/// Canonical XML 1.0, 3.4, without its document type.
#[test]
fn characters_and_references() {
    let input = "<doc>\r\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   \
                 <compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>\n   \
                 <compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid\
                 </compute>\n   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>";
    let expected = "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   \
                    <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   \
                    <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; \
                    ?&quot;valid&quot;:&quot;error&quot;\">valid</compute>\n   \
                    <norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>";
    assert_eq!(
        written(input, &Subset::whole(), &Canonical::inclusive()),
        expected
    );
}

/// Exclusive XML Canonicalization 1.0, 2.2: one subtree, two places.
#[test]
fn the_exclusive_form_does_not_depend_on_the_place() {
    let first = "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\">\
                 <n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
                 <n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:local>";
    let second = "<n2:pdu xmlns:n1=\"http://example.com\" xmlns:n2=\"http://foo.example\" \
                  xml:lang=\"fr\" xml:space=\"retain\">\
                  <n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
                  <n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n2:pdu>";
    let alone = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
                 <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>";
    for input in [first, second] {
        let form = Canonical::exclusive();
        assert_eq!(written(input, &at(input, "elem2"), &form), alone);
    }
    let inclusive = |input| written(input, &at(input, "elem2"), &Canonical::inclusive());
    assert_eq!(
        inclusive(first),
        "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" \
         xmlns:n3=\"ftp://example.org\" xml:lang=\"en\"><n3:stuff></n3:stuff></n1:elem2>"
    );
    assert_eq!(
        inclusive(second),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n2=\"http://foo.example\" xml:lang=\"en\" \
         xml:space=\"retain\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
    );
    let listed = Canonical {
        inclusive_prefixes: vec!["n0".to_owned(), "#default".to_owned()],
        ..Canonical::exclusive()
    };
    assert_eq!(
        written(first, &at(first, "elem2"), &listed),
        "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
         <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
    );
}

/// Canonical XML 1.1, 3.8: `xml:id` is not inherited, `xml:base` is joined; 1.0 copied both.
#[test]
fn what_the_apex_takes_over_from_elements_left_out() {
    let input = "<a xml:lang=\"ru\" xml:id=\"one\" xml:base=\"http://e.org/x/\" z=\"1\">\
                 <b xml:base=\"../y/\" xml:space=\"preserve\"><c xml:base=\"z\" xml:lang=\"en\"/></b></a>";
    let form = |method| Canonical {
        method,
        ..Canonical::inclusive()
    };
    let at_c = at(input, "c");
    assert_eq!(
        written(input, &at_c, &form(Method::Inclusive11)),
        "<c xml:base=\"http://e.org/y/z\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
    );
    assert_eq!(
        written(input, &at_c, &form(Method::Inclusive10)),
        "<c xml:base=\"z\" xml:id=\"one\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
    );
    let exclusive = "<c xml:base=\"z\" xml:lang=\"en\"></c>";
    assert_eq!(written(input, &at_c, &form(Method::Exclusive10)), exclusive);
}

#[test]
fn a_subtree_is_left_out_whole_and_the_rest_stays() {
    let input = "<a xmlns=\"urn:a\">1<s><t>2</t></s>3<!--4--></a>";
    let document = read(input);
    let inner: Element<'_> = document.root().child("urn:a", "s").expect("the element");
    let subset = Subset {
        without: vec![inner.id()],
        ..Subset::whole()
    };
    let form = Canonical::inclusive();
    assert_eq!(written(input, &subset, &form), "<a xmlns=\"urn:a\">13</a>");
}

#[test]
fn the_algorithm_identifiers_are_known_and_others_are_not() {
    let of = |identifier: &str| {
        Canonical::of_algorithm(identifier).map(|one| (one.method, one.comments))
    };
    for (identifier, method, comments) in [
        (
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            Method::Inclusive10,
            false,
        ),
        (
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            Method::Inclusive10,
            true,
        ),
        (
            "http://www.w3.org/2006/12/xml-c14n11",
            Method::Inclusive11,
            false,
        ),
        (
            "http://www.w3.org/2006/12/xml-c14n11#WithComments",
            Method::Inclusive11,
            true,
        ),
        (
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            Method::Exclusive10,
            false,
        ),
        (
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
            Method::Exclusive10,
            true,
        ),
    ] {
        assert_eq!(of(identifier), Some((method, comments)), "{identifier}");
    }
    for other in [
        "",
        "http://www.w3.org/2010/xml-c14n2",
        "http://www.w3.org/2006/12/xml-c14n11#",
    ] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn a_relative_namespace_and_a_swelling_form_are_refused() {
    let document = read("<a xmlns=\"relative\"/>");
    let form = Canonical::inclusive();
    let relative = canonicalize(&document, &Subset::whole(), &form, 1000);
    assert_eq!(relative, Err(CanonicalError::RelativeNamespace));
    // The exclusive form writes a long namespace again for every child.
    let long = format!("urn:{}", "x".repeat(1000));
    let children = "<p:b/>".repeat(100);
    let document = read(&format!("<a xmlns:p=\"{long}\">{children}</a>"));
    let form = Canonical::exclusive();
    let swelling = canonicalize(&document, &Subset::whole(), &form, 10_000);
    assert_eq!(swelling, Err(CanonicalError::TooLong));
}
