//! What is no document, and what is one too large.

use chancery_xml::{Document, Limits, XML_NAMESPACE, XmlError};

fn code(text: &str) -> &'static str {
    match Document::parse(text.as_bytes(), &Limits::default()) {
        Ok(_) => "read",
        Err(error) => error.code(),
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for bad in [
        "",
        " ",
        "text",
        "<a>",
        "</a>",
        "<a></b>",
        "<a></ab>",
        "<ab></a>",
        "<a/><b/>",
        "<a/>text",
        "<a b></a>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "<a><!-- --->",
        "<a><![CDATA[</a>",
        "<![CDATA[x]]>",
        "<a>&#0;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&lt</a>",
        "<a>&#+1;</a>",
        "<a b='&#x'/>",
        "< a/>",
        "<a><?xml ?></a>",
        "<a><?XML x?></a>",
        " <?xml version='1.0'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.1'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<1/>",
        "<-a/>",
        "<a/",
        "<a",
        "<",
        "<a><?p",
        "<?p?q?><a/>",
        "<a \u{1}='x'/>",
        "<a x='1' / >",
    ] {
        assert_eq!(code(bad), "not_well_formed", "{bad}");
    }
}

#[test]
fn what_breaks_the_rules_of_namespaces_is_refused() {
    for bad in [
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<xmlns:a/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a><b xmlns:p='urn:p'/><p:c/></a>",
    ] {
        assert_eq!(code(bad), "namespace", "{bad}");
    }
    for bad in [
        "<a:b:c xmlns:a='urn:a'/>",
        "<:a/>",
        "<a:/>",
        "<a xmlns:p='urn:p' xmlns:p='urn:p'/>",
        "<a xmlns:p='urn:1' xmlns:q='urn:1' p:x='1' q:x='2'/>",
        "<a><?p:q x?></a>",
    ] {
        assert_eq!(code(bad), "not_well_formed", "{bad}");
    }
    assert_eq!(
        code("<a xmlns:p='urn:1' xmlns:q='urn:2' p:x='1' q:x='2' x='3'/>"),
        "read"
    );
    assert_eq!(
        code(&format!("<a xmlns:xml='{XML_NAMESPACE}' xml:lang='ru'/>")),
        "read"
    );
}

/// A document type could bring entities of any size, defaults and the types of attributes.
#[test]
fn document_types_and_entities_are_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
    assert_eq!(code(bomb), "doctype");
    let outside = "<?xml version='1.0'?><!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
    assert_eq!(code(outside), "doctype");
    assert_eq!(code("<a>&b;</a>"), "entity");
    assert_eq!(code("<a b='&nbsp;'/>"), "entity");
}

#[test]
fn every_limit_holds() {
    let limits = Limits {
        bytes_max: 200,
        depth_max: 3,
        nodes_max: 7,
        attributes_max: 2,
        declarations_max: 2,
        name_bytes_max: 8,
    };
    let limit = |text: &str| match Document::parse(text.as_bytes(), &limits) {
        Ok(_) => "none",
        Err(XmlError::Limit { limit }) => limit,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(limit("<a><b><c x='1' y='2'/></b></a>"), "none");
    assert_eq!(limit(&" ".repeat(201)), "bytes_max");
    assert_eq!(limit("<a><b><c><d/></c></b></a>"), "depth_max");
    assert_eq!(limit("<a><b/><b/><b/><b/><b/><b/></a>"), "nodes_max");
    // Attributes and declarations cost as much.
    let beside = "<a><b x=''/><b x='' xmlns='urn:x'/><b/></a>";
    assert_eq!(limit(beside), "nodes_max");
    assert_eq!(limit("<a x='1' y='2' z='3'/>"), "attributes_max");
    assert_eq!(
        limit("<a xmlns='urn:1'><b xmlns='urn:2'><c xmlns='urn:3'/></b></a>"),
        "declarations_max"
    );
    assert_eq!(
        limit("<a xmlns='urn:1'><b xmlns='urn:2'/><c xmlns='urn:3'/></a>"),
        "none"
    );
    assert_eq!(limit("<abcdefghi/>"), "name_bytes_max");
}

#[test]
fn an_element_tells_what_it_has() {
    let text = "<a xmlns='urn:a' xmlns:p='urn:p' x='1' p:x='2'>\
                t<b>u</b>v<!--w--><![CDATA[<]]>&#x41;<b/></a>";
    let document = Document::parse(text.as_bytes(), &Limits::default()).expect("a document");
    let root = document.root();
    assert!(root.is("urn:a", "a") && root.parent().is_none());
    assert_eq!(
        (root.attribute("x"), root.attribute("y")),
        (Some("1"), None)
    );
    assert_eq!(root.text(), "tv<A");
    assert_eq!(root.children().count(), 2);
    assert_eq!(root.only("urn:a", "b"), None);
    let first = root.child("urn:a", "b").expect("a child");
    assert_eq!((first.text().as_str(), first.parent()), ("u", Some(root)));
    assert_eq!(first.namespace_of_prefix("p"), Some("urn:p"));
    assert_eq!(first.namespace_of_prefix("q"), None);
    assert!(root.holds(first.id()) && !first.holds(root.id()));
}
