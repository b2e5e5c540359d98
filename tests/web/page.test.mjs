// The page in a real browser: search, filters, files, keys, going back, a login, answers, and what axe says of it all.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const HERE = dirname(fileURLToPath(import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const SHOTS = join(HERE, "shots");
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

let browser;
let servers;
let child;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  child = spawn(process.env.WHEREIN_PYTHON ?? join(HERE, "../../.venv/bin/python"), [join(HERE, "serve.py")], { stdio: ["pipe", "pipe", "inherit"] });
  servers = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (piece) => {
      said += piece;
      if (said.includes("\n")) resolve(JSON.parse(said));
    });
    child.on("exit", (code) => reject(new Error(`serve.py ended with ${code}`)));
  });
  const executablePath = process.env.WHEREIN_CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
});

after(async () => {
  await browser?.close();
  child?.stdin.end();
});

/** A page of its own, whose errors and requests to other hosts fail the test. */
async function on_page(run, { viewport = DESK, colorScheme = "light", base = servers.open, path = "/", ...more } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, baseURL: base, ...more });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) wrong.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) wrong.push(request.url());
  });
  page.on("dialog", (dialog) => wrong.push(`a script of the code ran: ${dialog.message()}`) && dialog.dismiss());
  try {
    await page.goto(path);
    await page.waitForSelector("#view > *");
    await run(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

async function axe(page, what) {
  // evaluated by the debugger: the page's own policy lets no such script in
  const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ["violations"] })`);
  const told = found.violations.map((each) => `${what}: ${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  assert.deepEqual(told, []);
}

async function search(page, text) {
  await page.fill("#q", text);
  await page.waitForFunction((wanted) => new URLSearchParams(location.search).get("q") === wanted, text);
  await page.waitForFunction(() => document.querySelector(".result, .state") && !document.querySelector("main[aria-busy]"));
}

const query = (page) => new URL(page.url()).searchParams;
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);

describe("the page", { concurrency: 2 }, () => {
  test("finds as one types, and the address says what is shown", () =>
    on_page(async (page) => {
      await page.locator("#q").pressSequentially("what items cost", { delay: 15 });
      await page.locator(".result .base", { hasText: "cart.py" }).first().waitFor();
      await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "what items cost");
      assert.match(await page.title(), /what items cost/);
      assert.ok(await page.locator(".row.matched").count());
      assert.ok(await page.locator(".c-k").count(), "code is coloured");
      assert.match(await page.locator(".fresh").first().textContent(), /^indexed .* at [0-9a-f]{8}( · 1 commit behind)?$/);
      const forge = page.locator(".forge").first();
      assert.match(await forge.getAttribute("href"), /^https:\/\/github\.com\/acme\/shop\/blob\/[0-9a-f]{40}\/.*#L\d+-L\d+$/);
      assert.match(await forge.getAttribute("rel"), /noopener/);
    }));

  test("is called as its address says, also while an answer is on its way", () =>
    on_page(async (page) => {
      await search(page, "gate");
      await page.route("**/api/v1/search?*", async (route) => {
        await new Promise((done) => setTimeout(done, 2000));
        await route.continue().catch(() => {});
      });
      await page.locator("#q").pressSequentially("way");
      assert.deepEqual([query(page).get("q"), await page.title()], ["gateway", "gateway · wherein"]);
    }));

  test("finds by a text that is too long for an address, also after a reload", () =>
    on_page(async (page) => {
      const issue = `What items cost together is wrong: ${"the total of a cart, 数, ".repeat(800)}`.trim();
      await page.fill("#q", issue);
      await page.locator(".result .base", { hasText: "cart.py" }).first().waitFor();
      assert.ok(new URL(page.url()).search.length < 100);
      await page.reload();
      await page.locator(".result .base", { hasText: "cart.py" }).first().waitFor();
      assert.equal(await page.locator("#q").inputValue(), issue);
      await page.fill("#q", "gate");
      await page.locator(".result .base", { hasText: "gate.go" }).first().waitFor();
      assert.equal(new URL(page.url()).hash, "");
    }));

  test("asks at once, and of letters that come fast only after the last", () =>
    on_page(async (page) => {
      const asked = [];
      page.on("request", (request) => request.url().includes("/search?") && asked.push(new URL(request.url()).searchParams.get("q")));
      await page.evaluate(() => {
        const input = document.getElementById("q");
        for (const text of ["c", "co", "cos", "cost"]) {
          input.value = text;
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }
      });
      await page.locator(".result").first().waitFor();
      await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "cost" && !document.querySelector("main[aria-busy]"));
      assert.deepEqual(asked, ["c", "cost"]);
    }));

  test("asks without waiting for the list of repositories, and shows both", () =>
    on_page(async (page) => {
      let listed = false;
      await page.route("**/api/v1/repositories", async (route) => {
        await searched;
        listed = true;
        await route.continue();
      });
      const searched = page.waitForRequest((request) => request.url().includes("/search?"));
      await page.goto("/?q=what+items+cost");
      await page.locator(".result").first().waitFor();
      assert.ok(listed);
    }));

  test("keeps a file that was opened while an answer was on its way", () =>
    on_page(async (page) => {
      await search(page, "what items cost");
      await page.route("**/api/v1/search?*", async (route) => {
        await new Promise((done) => setTimeout(done, 800));
        await route.continue().catch(() => {});
      });
      await page.locator("#q").press("End");
      await page.locator("#q").pressSequentially("s");
      await page.locator(".place").first().click();
      await page.locator(".row.here").waitFor();
      await page.waitForTimeout(1500);
      assert.ok(await page.locator(".row.here").count(), "the file is still there");
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }));

  test("keeps what was gone to while something else was on its way", () =>
    on_page(async (page) => {
      await search(page, "what items cost");
      for (const [asked, leave] of [
        ["**/api/v1/file?*", () => page.locator(".place").first().click()],
        ["**/api/v1/repositories", () => page.getByRole("link", { name: "Repositories" }).click()],
      ]) {
        const on_its_way = page.waitForRequest(asked);
        await page.route(asked, async (route) => {
          await new Promise((done) => setTimeout(done, 800));
          await route.continue().catch(() => {});
        });
        await leave();
        await on_its_way;
        await page.goBack();
        await page.waitForTimeout(1500);
        assert.equal(query(page).get("q"), "what items cost");
        assert.ok(await page.locator(".result").count(), "the results are still there");
        assert.equal(await page.locator("main[aria-busy]").count(), 0);
        await page.unrouteAll({ behavior: "ignoreErrors" });
      }
    }));

  test("has a model stop whose answer nobody sees any more", () =>
    on_page(async (page) => {
      await page.goto("/?q=what+all+items+cost+together&repo=github.com%2Facme%2Fshop");
      await page.route("**/api/v1/ask", () => {}); // it reads for long
      await page.getByRole("button", { name: "Ask acme/shop" }).click();
      await page.locator(".answer").waitFor();
      const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/ask"));
      await page.locator(".place").first().click();
      await ended;
      await page.locator(".row.here").waitFor();
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }));

  test("tells how far a repository is behind", () =>
    on_page(async (page) => {
      await search(page, "what items cost");
      await page.locator(".result", { hasText: "gate.go" }).locator(".behind", { hasText: /^ · 1 commit behind$/ }).waitFor();
      await page.goto("/repositories");
      await page.locator("tr", { hasText: "acme/gate" }).locator(".behind").waitFor();
      assert.equal(await page.locator("tr", { hasText: "acme/shop" }).locator(".behind").count(), 0);
      await axe(page, "repositories that are behind");
    }));

  test("filters by chips, which can be shared and taken away", () =>
    on_page(async (page) => {
      await search(page, "what items cost");
      await page.getByRole("button", { name: /^go / }).click();
      await page.waitForFunction(() => new URLSearchParams(location.search).get("lang") === "go");
      await page.waitForFunction(() => [...document.querySelectorAll(".base")].every((each) => each.textContent === "gate.go"));
      await page.reload();
      await page.locator(".base", { hasText: "gate.go" }).waitFor();
      assert.equal(await page.locator(".result").count(), 1);
      await page.getByRole("button", { name: "go", pressed: true }).click();
      await page.locator(".base", { hasText: "cart.py" }).first().waitFor();
      await page.getByRole("button", { name: "tests only" }).click();
      await page.waitForFunction(() => [...document.querySelectorAll(".base")].every((each) => each.textContent === "test_cart.py"));
      await page.getByRole("button", { name: "tests only" }).click();
      await page.getByLabel("src/**, *.py").fill("*.js");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => [...document.querySelectorAll(".base")].every((each) => each.textContent === "b>.js"));
      await page.goBack();
      await page.locator(".base", { hasText: "cart.py" }).first().waitFor();
    }));

  test("tells who only may call a method, and why", () =>
    on_page(async (page) => {
      const possible = page.locator(".calls li", { hasText: "settle" });
      assert.match(await possible.innerText(), /Possibly, because Way\.charge is called there/);
      assert.doesNotMatch(await page.locator(".calls li", { hasText: "swipe" }).innerText(), /Possibly/);
    }, { path: "/file?repo=github.com%2Facme%2Fshop&path=src%2Fshop%2Fpaying.py&line=7" }));

  test("opens a file at its line, with outline, callers and callees, and goes back to where one was", () =>
    on_page(async (page) => {
      await search(page, "what all items cost together");
      await page.locator(".place", { hasText: "cart.py" }).first().click();
      await page.locator(".row.here").waitFor();
      assert.equal(query(page).get("path"), "src/shop/cart.py");
      await page.locator(".outline a[aria-current]").waitFor();
      await page.locator(".calls a", { hasText: "price_of" }).waitFor();
      await page.locator(".calls a", { hasText: "test_the_total" }).waitFor();
      await page.locator(".outline a", { hasText: "reserve" }).count();
      await page.locator(".outline a", { hasText: "price_of" }).click();
      await page.locator(".calls h2", { hasText: "price_of" }).waitFor();
      assert.equal(query(page).get("line"), "23");
      await page.locator("#L14").click();
      await page.locator(".calls h2", { hasText: "Cart.add" }).waitFor();
      assert.match(await page.locator(".forge").getAttribute("href"), /#L14$/);
      await page.goBack();
      await page.goBack();
      await page.goBack();
      await page.locator(".result").first().waitFor();
      assert.equal(await page.inputValue("#q"), "what all items cost together");
      assert.match(await focused(page), /cart\.py/);
      await page.goForward();
      await page.locator(".row.here").waitFor();
    }));

  test("is used with the keyboard alone", () =>
    on_page(async (page) => {
      await page.keyboard.press("/");
      assert.equal(await focused(page), "q");
      await page.keyboard.type("what items cost");
      await page.locator(".result").first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.classList.contains("place"));
      const first = await focused(page);
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await focused(page), first);
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused(page), first);
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused(page), "q");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator(".row.here").waitFor();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement.classList.contains("place"));
      assert.equal(await focused(page), first);
      await page.keyboard.press("Escape");
      assert.equal(await focused(page), "q");
      await page.keyboard.press("Escape");
      await page.locator(".welcome").waitFor();
    }));

  test("shows code, names and answers as text", () =>
    on_page(async (page) => {
      await search(page, "tells what an item costs");
      await page.locator("code", { hasText: "<img src=x onerror=alert(1)><script>" }).first().waitFor();
      assert.equal(await page.locator("main img, main script, main b").count(), 0);
      await search(page, "<img src=x onerror=alert(3)>");
      await page.goto("/file?repo=git.example.com%2Facme%2Fgate&path=%3Cb%3Ebold%3C%2Fb%3E.js&line=2");
      await page.locator("h1", { hasText: "<b>bold</b>.js" }).waitFor();
      assert.equal(await page.locator("main b").count(), 0);
      assert.equal(await page.locator(".forge").count(), 0, "nobody said what runs at git.example.com");
    }));

  test("tells of what is empty, wrong or away", () =>
    on_page(async (page) => {
      await search(page, "zzyzxqwv");
      await page.locator(".state h1", { hasText: "Nothing found" }).waitFor();
      await search(page, "lang:klingon cost");
      await page.locator(".state h1", { hasText: "Not understood" }).waitFor();
      await page.goto("/file?repo=github.com%2Facme%2Fshop&path=none.py");
      await page.locator("[role=alert]", { hasText: "none.py is not indexed" }).getByRole("link", { name: "Search instead" }).click();
      await page.locator(".welcome").waitFor();
      await page.goto("/file?repo=github.com%2Facme%2Fshop&path=long.py&line=99999");
      await page.locator(".about", { hasText: "Line 99,999 is not there." }).waitFor();
      await page.locator("#L1").waitFor();
      await page.route("**/api/v1/search*", (route) => route.abort());
      await page.goto("/?q=cost");
      await page.locator("[role=alert]", { hasText: "The server does not answer." }).waitFor();
      await page.unroute("**/api/v1/search*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.locator(".result").first().waitFor();
      const none = { schema: 1, error: { status: 404, message: "No repository is indexed yet.", remedy: "wherein index" } };
      await page.route("**/api/v1/search*", (route) => route.fulfill({ status: 404, json: none }));
      await page.route("**/api/v1/repositories*", (route) => route.fulfill({ json: { schema: 1, repositories: [], indexes: [] } }));
      await page.goto("/?q=cost");
      await page.locator(".state", { hasText: "Nothing to search" }).waitFor();
      assert.equal(await page.getByRole("link", { name: "Search instead" }).count(), 0);
    }).catch((error) => {
      if (!/net::ERR_FAILED/.test(error.message)) throw error; // what we made the browser say
    }));

  test("shows the rest of a long file when asked", () =>
    on_page(
      async (page) => {
        await page.getByRole("button", { name: /Show lines/ }).click();
        await page.waitForFunction(() => document.querySelectorAll(".code .row").length > 5000);
      },
      { path: "/file?repo=github.com%2Facme%2Fshop&path=long.py" },
    ));

  test("opens a huge file in its middle, from where one goes up and down", () =>
    on_page(
      async (page) => {
        await page.locator(".row.here").waitFor();
        assert.equal(await page.locator("#L2000").count(), 0);
        await page.getByRole("button", { name: /^Show lines .* to 3,4/ }).click();
        await page.locator("#L2000").waitFor({ state: "attached" });
        assert.equal(await page.locator(".row").first().locator(".number").textContent(), "1500");
        await page.getByRole("button", { name: "Show lines 1 to 1,499" }).click();
        await page.locator("#L1").waitFor({ state: "attached" });
        assert.equal(await page.getByRole("button", { name: /^Show lines 1/ }).count(), 0);
        const numbers = await page.locator(".code .number").allTextContents();
        assert.deepEqual(numbers, numbers.map((_, at) => String(at + 1)), "each line once, in order");
      },
      { path: "/file?repo=github.com%2Facme%2Fshop&path=long.py&line=5000" },
    ));

  test("streams answers as text, with links to their sources", () =>
    on_page(async (page) => {
      await page.goto("/?q=what+all+items+cost+together&repo=github.com%2Facme%2Fshop");
      await page.getByRole("button", { name: "Ask acme/shop" }).click();
      const text = page.locator(".answer .text");
      await page.locator(".answer .sources li").first().waitFor();
      assert.match(await text.textContent(), /^It adds up what each item costs \[1\], see <b>bold<\/b> and/);
      assert.equal(await text.locator("b").count(), 0);
      await text.locator("a").first().click();
      await page.locator(".row.here").waitFor();
      await page.getByRole("button", { name: "Explain" }).click();
      await page.locator(".answer .sources li").first().waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".answer").count(), 0);
    }));

  test("asks for a login where one is needed, and forgets it", () =>
    on_page(
      async (page) => {
        await page.getByLabel("Token").fill("wherein_0_wrong");
        await page.getByRole("button", { name: "Log in" }).click();
        await page.locator("[role=alert]", { hasText: "unknown" }).waitFor();
        await axe(page, "login");
        await page.getByLabel("Token").fill(servers.token);
        await page.keyboard.press("Enter");
        await page.locator(".result").first().waitFor();
        assert.equal(query(page).get("q"), "cost");
        assert.equal(await page.locator(".repository", { hasText: "gate" }).count(), 0);
        assert.equal(await page.evaluate(() => document.cookie), "");
        await page.reload();
        await page.locator(".result").first().waitFor();
        await page.getByRole("button", { name: "Log out" }).click();
        await page.getByLabel("Token").waitFor();
      },
      { base: servers.closed, path: "/?q=cost" },
    ));

  test("lists a repository, from which one goes on by words", () =>
    on_page(
      async (page) => {
        await page.locator("tbody a", { hasText: "acme/gate" }).click();
        await page.locator(".base", { hasText: "gate.go" }).waitFor();
        await search(page, "what an item costs");
        assert.equal(query(page).get("repo"), "git.example.com/acme/gate");
        await page.waitForFunction(() => [...document.querySelectorAll(".repository")].every((each) => each.textContent === "acme/gate"));
      },
      { path: "/repositories" },
    ));

  test("shows more results when asked", () =>
    on_page(async (page) => {
      await search(page, "step that returns the value");
      assert.equal(await page.locator(".result").count(), 20);
      await page.getByRole("button", { name: "More results" }).click();
      await page.waitForFunction(() => document.querySelectorAll(".result").length > 20);
      assert.equal(query(page).get("limit"), "50");
      await search(page, "step that returns a value");
      assert.equal(query(page).get("limit"), null);
    }));

  test("tells what the farm does, where there is one", () =>
    on_page(
      async (page) => {
        await page.getByRole("link", { name: "Farm" }).click();
        await page.locator(".figure-card", { hasText: "Workers" }).waitFor();
        await page.locator("td.reason", { hasText: "<b>https://github.com/acme/shop</b>" }).waitFor();
        await axe(page, "farm");
        await page.screenshot({ path: join(SHOTS, "farm.png") });
      },
      { base: servers.farm },
    ));

  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of [["desk", DESK], ["phone", PHONE]]) {
      test(`has no fault that axe knows, and fits: ${colorScheme}, ${size}`, () =>
        on_page(
          async (page) => {
            const check = async (what) => {
              await page.screenshot({ path: join(SHOTS, `${colorScheme}-${size}-${what}.png`) });
              await axe(page, what);
              const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
              assert.ok(wide <= 0, `${what} is ${wide} px too wide`);
            };
            await page.locator(".welcome").waitFor();
            await check("welcome");
            await search(page, "what items cost");
            await check("results");
            await page.locator(".place", { hasText: "cart.py" }).first().click();
            await page.locator(".calls h3").first().waitFor();
            await check("file");
            await page.goto("/repositories");
            await page.locator("table").waitFor();
            await check("repositories");
            await page.goto("/?q=zzyzxqwv");
            await page.locator(".state").waitFor();
            await check("nothing");
          },
          { colorScheme, viewport },
        ));
    }
  }

  test("is whole at twice its size", () =>
    on_page(
      async (page) => {
        await search(page, "what items cost");
        const shown = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - window.innerWidth,
          input: document.querySelector("#q").getBoundingClientRect().width,
          head: document.querySelector(".top").getBoundingClientRect().height / window.innerHeight,
        }));
        assert.ok(shown.wide <= 0, `${shown.wide} px too wide`);
        assert.ok(shown.input > 250 && shown.head < 0.4, JSON.stringify(shown));
        await page.screenshot({ path: join(SHOTS, "twice.png") });
      },
      { viewport: { width: DESK.width / 2, height: DESK.height / 2 }, deviceScaleFactor: 2 },
    ));

  test("changes its colours by a button, which is remembered", () =>
    on_page(async (page) => {
      const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await paper();
      await page.getByRole("button", { name: /Colours/ }).click();
      await page.getByRole("button", { name: /Colours/ }).click();
      assert.notEqual(await paper(), light);
      await page.reload();
      await page.locator(".welcome").waitFor();
      assert.notEqual(await paper(), light);
    }));
});
