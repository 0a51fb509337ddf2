"""XMP: what stays, what goes, what is added, and XML that is not to be trusted."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from infdit_cli.images.xmp import orientation_in, rewritten_xmp
from support.provenance import HOW

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
TIFF = "{http://ns.adobe.com/tiff/1.0/}"
INFDIT = "{urn:infdit:upscale:1.0:}"


def packet(attributes="", children="", more=""):
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="uuid:1"'
        ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:mine="urn:mine"'
        f" {attributes}>{children}</rdf:Description>{more}</rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def descriptions(xmp):
    return ET.fromstring(xmp).find(f"{RDF}RDF").findall(f"{RDF}Description")  # noqa: S314 - our own


def attributes(xmp):
    return {name: value for each in descriptions(xmp) for name, value in each.attrib.items()}


@pytest.mark.parametrize(
    ("attribute", "element"),
    [
        ('tiff:Orientation="6"', "<tiff:Orientation>6</tiff:Orientation>"),
        ('exif:PixelXDimension="64"', "<exif:PixelXDimension>64</exif:PixelXDimension>"),
        ('tiff:ImageWidth="64"', "<tiff:ImageWidth>64</tiff:ImageWidth>"),
        ('hdrgm:Version="1.0"', "<hdrgm:GainMapMax>2</hdrgm:GainMapMax>"),
        ('mine:dummy="1"', "<xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails>"),
    ],
)
def test_what_is_true_of_the_old_pixels_alone_goes_in_both_forms(attribute, element):
    name = element[1:].partition(">")[0]
    for each in (packet(attribute), packet(children=element)):
        made = rewritten_xmp(each, None)
        if "mine" not in attribute or each == packet(children=element):
            assert f"{name.partition(':')[2]}" not in made.decode().replace("xmlns", "")


def test_tabs_and_ends_of_lines_stay_in_attributes_and_texts():
    noted = packet('mine:note="a&#xA;b&#x9;c&#xD;d &lt;"', "<mine:text>a&#xD;&#xA;b\tc</mine:text>")
    made = rewritten_xmp(noted, HOW)
    assert attributes(made)["{urn:mine}note"] == "a\nb\tc\rd <"
    assert descriptions(made)[0].find("{urn:mine}text").text == "a\r\nb\tc"


def test_everything_else_stays_with_its_prefixes_and_its_wrapper():
    title = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Jörg &amp; ich</rdf:li></rdf:Alt></dc:title>'
    made = rewritten_xmp(packet('mine:own="kept"', title), None)
    assert made.startswith('<?xpacket begin="\ufeff"'.encode())
    assert made.endswith(b'<?xpacket end="w"?>')
    assert title.encode() in made
    assert attributes(made)["{urn:mine}own"] == "kept"


def test_an_orientation_inside_something_else_stays():
    inner = '<mine:source rdf:parseType="Resource"><tiff:Orientation>6</tiff:Orientation></mine:source>'
    assert inner.encode() in rewritten_xmp(packet(children=inner), None)


def test_the_provenance_is_added_and_the_older_one_replaced():
    once = rewritten_xmp(packet('xmp:CreatorTool="Camera"', "<dc:format>x</dc:format>"), HOW)
    twice = rewritten_xmp(once, HOW)
    for made in (once, twice):
        found = attributes(made)
        assert made.count(b"CreatorTool=") == 1
        assert found[f"{XMP}CreatorTool"] == "infdit 1.2"
        assert found[f"{INFDIT}WeightsSHA256"] == "ab" * 32
        assert (found[f"{INFDIT}Weights"], found[f"{INFDIT}Seed"], found[f"{INFDIT}Steps"]) == (
            "compact",
            "7",
            "1",
        )
        assert {each.get(f"{RDF}about") for each in descriptions(made)} == {"uuid:1"}


def test_without_a_packet_there_is_one_with_the_provenance_alone():
    made = rewritten_xmp(None, HOW)
    assert attributes(made)[f"{XMP}CreatorTool"] == "infdit 1.2"
    assert rewritten_xmp(None, None) is None


def test_padding_and_zeros_around_a_packet_are_no_damage():
    assert b"kept" in rewritten_xmp(b" " + packet('mine:own="kept"') + b"\n" * 2000 + b"\0", None)


@pytest.mark.parametrize("form", ["attribute", "element"])
def test_the_orientation_is_found(form):
    value = (
        packet('tiff:Orientation="8"')
        if form == "attribute"
        else packet(children="<tiff:Orientation> 8 </tiff:Orientation>")
    )
    assert orientation_in(value) == 8
    assert orientation_in(packet('tiff:Orientation="9"')) is None
    assert orientation_in(packet()) is None


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FETCH = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("document_type", [BOMB, FETCH], ids=["bomb", "fetch"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(document_type, encoding):
    text = (document_type + packet()).decode().replace("\ufeff", "")
    with pytest.raises(ValueError, match="document type"):
        rewritten_xmp(text.encode(encoding), HOW)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"nonsense", b"<a", b"<a/>", packet()[:-40], b"<a>" * 5000 + b"</a>" * 5000, b"\xff\xfe\x00"],
)
def test_what_is_no_xmp_is_a_value_error(damaged):
    with pytest.raises(ValueError, match=r"XML|nested"):
        rewritten_xmp(damaged or b" ", HOW)


def test_what_no_xml_may_hold_is_left_out():
    how = replace(HOW, weights="w\x01\ud800\ufffe&<é.safetensors")
    made = attributes(rewritten_xmp(packet(), how))
    assert made[f"{INFDIT}Weights"] == "w&<é.safetensors"
