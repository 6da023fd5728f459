"""Puts screenshots side by side into one small picture: WebP, made by the browser itself."""

import base64
from collections.abc import Sequence

from playwright.sync_api import Browser

WIDTH, HEIGHT = 1500, 720
STYLE = """
body { margin: 0; height: 100vh; display: flex; gap: 24px; align-items: start; padding: 32px; box-sizing: border-box;
       background: linear-gradient(#e3ebe2, #fbe9bd); overflow: hidden }
img { flex: 1; min-width: 0; height: 656px; object-fit: cover; object-position: top; border-radius: 14px;
      box-shadow: 0 1px 3px rgb(16 40 30 / 20%), 0 16px 40px -12px rgb(16 40 30 / 35%) }
"""
AS_WEBP = """async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.86).split(",")[1];
}"""


def side_by_side(browser: Browser, screenshots: Sequence[bytes]) -> bytes:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    images = "".join(f'<img alt="" src="{_source(one)}">' for one in screenshots)
    page.set_content(f"<style>{STYLE}</style>{images}", wait_until="load")
    webp: str = page.evaluate(AS_WEBP, _source(page.screenshot()))
    page.close()
    return base64.b64decode(webp)


def _source(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
