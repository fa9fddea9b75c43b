"""A code that does not scan is a defect: each is read back by an independent reader."""

import io
from pathlib import Path

import numpy as np
import pypdf
import pytest
import vl_convert
import zxingcpp
from PIL import Image

from kokemus.listen.posters import Poster, poster_pdf, poster_svg, qr_png, qr_svg

ADDRESS = "https://kokemus.example/a/abcDEF-12_34567?c=qr"
POSTER = Poster(
    organisation="Kotiväki & Pojat Oy",
    question="Kuinka todennäköisesti suosittelisit meitä ystävälle tai kollegalle?",
    languages=("fi", "sv", "en"),
    address=ADDRESS,
    colour="#0e6a6a",
)


def read_code(png: bytes) -> list[str]:
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_qr_png_scans() -> None:
    assert read_code(qr_png(ADDRESS)) == [ADDRESS]


def test_qr_svg_scans() -> None:
    assert read_code(vl_convert.svg_to_png(qr_svg(ADDRESS).decode())) == [ADDRESS]


@pytest.mark.parametrize("languages", [("fi",), ("sv", "en"), ("fi", "sv", "en")])
def test_poster_scans_in_any_number_of_languages(languages: tuple[str, ...]) -> None:
    poster = Poster(**{**vars(POSTER), "languages": languages})
    assert read_code(vl_convert.svg_to_png(poster_svg(poster), scale=2)) == [ADDRESS]


def test_poster_pdf_is_one_a5_page_with_its_words(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(poster_pdf(POSTER)))
    page = reader.pages[0]
    assert len(reader.pages) == 1
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (420, 595)
    text = page.extract_text()
    assert "Kotiväki & Pojat Oy" in text
    assert "Hur gick det?" in text
