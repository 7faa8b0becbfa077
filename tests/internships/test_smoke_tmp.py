import pytest
from playwright.sync_api import sync_playwright
@pytest.mark.sqlite_only
def test_shots(world, serve):
    server = serve()
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        ids = world.internship_public_ids
        def ctx(email, **k):
            c = b.new_context(**k); pg = c.new_page(); pg.goto(server.url+"/login"); pg.fill("[name=email]", email); pg.fill("[name=password]", "long enough for a test"); pg.press("[name=password]", "Enter"); pg.wait_for_load_state(); return pg
        pages = {"index":"/internships","new":"/internships/new","show":f"/internships/{ids['minor']}","weeks":f"/internships/{ids['minor']}/weeks","edit":f"/internships/{ids['minor']}/edit","step":f"/internships/{ids['minor']}/step/interrupt","evaluation":f"/internships/{ids['minor']}/evaluation"}
        for name, k in {"wide":dict(viewport={"width":1440,"height":900}),"phone":dict(viewport={"width":390,"height":844}),"dark":dict(viewport={"width":1440,"height":900},color_scheme="dark")}.items():
            pg = ctx("altvagon@example.org", **k)
            for n, u in pages.items():
                if name == "dark" and n not in ("index","show","weeks"): continue
                pg.goto(server.url+u); pg.screenshot(path=f"/tmp/shots/{name}-{n}.png", full_page=True)
                w = pg.evaluate("document.documentElement.scrollWidth"); print(name,n,w)
            pg = ctx("asu@example.org", **k)
            pg.goto(server.url+"/internships/waiting"); pg.screenshot(path=f"/tmp/shots/{name}-waiting.png", full_page=True)
            pg.goto(server.url+f"/internships/{ids['waiting']}/student"); pg.screenshot(path=f"/tmp/shots/{name}-student.png", full_page=True)
            pg.goto(server.url+"/internships"); pg.screenshot(path=f"/tmp/shots/{name}-univ.png", full_page=True)
        pg = ctx("ministry@example.org", viewport={"width":1440,"height":900}); pg.goto(server.url+"/internships"); pg.screenshot(path="/tmp/shots/wide-ministry.png", full_page=True)
        pg = ctx("altvagon@example.org", viewport={"width":1440,"height":900})
        pg.goto(server.url+"/internships/new"); pg.click("text=Добавить >> nth=-1"); pg.screenshot(path="/tmp/shots/wide-new422.png", full_page=True)
        pg.goto(server.url+"/internships/new"); pg.fill("[name=last_name]","Касымова"); pg.fill("[name=first_name]","Асель"); pg.fill("[name=born]","15.1.2007"); pg.select_option("[name=university]","ASU-RUB"); pg.click("text=Спросить, знает"); pg.screenshot(path="/tmp/shots/wide-found.png", full_page=True)
        b.close()
