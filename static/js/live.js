// Keeps a live part true while its page is open. One stream serves all tabs of a browser that show the same: it allows six connections per
// origin on HTTP/1.1, and the seventh tab would hang. The stream carries whole fragments with a version; an older one is never drawn, so a
// lost or doubled event does no harm. Where streams fail, and where rows differ by person, the same fragment is asked for.
//
//   <div data-live="/live?ticket=…" data-live-target="#board-live" data-live-poll="/boards/revenue/rows?seen=">
//
// Server: events "fragment" (data: {"version": n, "html": "<div …>"}) and "ping" at least every 10 s. Comments do not reach scripts, so the
// sign of life has to be an event. A connection that is silent for longer is taken for dead, whatever it says of itself.
(() => {
  const PAUSED_MS = 30000, SILENT_MS = 25000, POLL_MS = 5000, RETRY_MS = 30000, FAILURES = 3, OWN_MS = 2000;

  // What is a viewer's own, such as the dock, is asked for by each alone. "live:own" tells of it at once, then at most every two seconds,
  // and always after the last change: what comes in between is told when the time is over, never forgotten.
  let toldAt = 0, telling = null;
  function tellOwn() {
    telling ??= setTimeout(() => {
      [toldAt, telling] = [Date.now(), null];
      document.body.dispatchEvent(new CustomEvent("live:own"));
    }, Math.max(0, toldAt + OWN_MS - Date.now()));
  }

  class Live {
    constructor(element) {
      this.element = element;
      this.url = element.dataset.live;
      this.poll = element.dataset.livePoll;
      this.failures = 0;
      this.contactAt = this.heardAt = Date.now();
      this.state = "live";
      this.leading = false;
      // Without the ticket, which differs per page, but with the sign-in: a tab of somebody signed in before must not feed this one.
      this.key = `live:${document.body.dataset.signIn || ""}:${this.poll || new URL(this.url, location.href).pathname}`;
      this.clock = setInterval(() => this.watch(), 1000);
      for (const type of ["visibilitychange", "resume"]) document.addEventListener(type, () => this.look());
      for (const type of ["online", "pageshow", "focus"]) addEventListener(type, () => this.look());
      addEventListener("offline", () => this.setState("reconnecting"));
      this.shared = Boolean(navigator.locks && window.BroadcastChannel && window.isSecureContext);
      if (this.shared) this.share(); else this.lead();
    }

    get target() { return document.querySelector(this.element.dataset.liveTarget); }
    get version() { return this.target?.dataset.version || ""; }

    share() {
      this.channel = new BroadcastChannel(this.key);
      this.channel.onmessage = ({ data }) => {
        if (data.hello) { if (this.leading && this.last) this.channel.postMessage({ fragment: this.last }); return; }
        if (data.wake) { if (this.leading) this.wake(); return; }
        this.contact(data.state);
        if (data.fragment) this.show(data.fragment);
      };
      this.channel.postMessage({ hello: true });
      navigator.locks.request(this.key, () => new Promise((release) => { this.release = release; this.lead(); }));
    }

    lead() { this.leading = true; this.open(); }
    tell(message) { this.channel?.postMessage({ state: this.state, ...message }); }

    open() {
      clearTimeout(this.retry);
      if (this.ended) return;
      if (!this.url || !window.EventSource) { this.startPolling(); return; }
      this.source?.close();
      this.heardAt = Date.now();
      const source = this.source = new EventSource(this.url);
      source.onopen = () => this.heard();
      source.addEventListener("ping", () => this.heard());
      source.addEventListener("fragment", (event) => { this.heard(); this.deliver(JSON.parse(event.data)); });
      source.onerror = () => {
        if (source !== this.source) return;
        this.failures += 1;
        this.setState("reconnecting");
        this.tell({});
        // The browser's own retries are given up for slower ones of ours, and polling bridges the time.
        if (this.failures >= FAILURES || source.readyState === EventSource.CLOSED) this.bridge();
      };
    }

    bridge() {
      this.source?.close();
      this.startPolling();
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.open(), RETRY_MS);
    }

    heard() { this.failures = 0; this.heardAt = Date.now(); this.stopPolling(); this.contact("live"); this.tell({}); }

    startPolling() {
      if (this.polling || !this.poll) return;
      this.polling = setInterval(() => this.ask(), POLL_MS);
      this.ask();
    }
    stopPolling() { clearInterval(this.polling); this.polling = null; }

    async ask() {
      if (document.hidden && !this.shared) return;
      try {
        const answer = await fetch(this.poll + this.version, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
        if (answer.headers.has("HX-Redirect")) { location.assign(answer.headers.get("HX-Redirect")); return; }
        if (answer.status === 404) document.body.dispatchEvent(new CustomEvent("live:gone"));
        if (!answer.ok) return;
        this.url = answer.headers.get("Live-Url") || this.url;      // a fresh ticket, when the old one has run out
        this.contact("live");
        this.tell({});
        if (answer.status === 200) this.deliver({ html: await answer.text() });
      } catch { this.setState("reconnecting"); }
    }

    deliver(fragment) {
      this.last = fragment;
      this.tell({ fragment });
      this.show(fragment);
    }

    show({ html }) {
      const drawn = Board.draw(this.target, html);
      if (!drawn) return;
      document.body.dispatchEvent(new CustomEvent("live:updated", { detail: { target: drawn.id, version: this.version } }));
      tellOwn();
      if (drawn.hasAttribute("data-ended")) this.end();
    }

    end() {
      this.ended = true;
      this.stopPolling();
      clearTimeout(this.retry);
      clearInterval(this.clock);
      this.source?.close();
      this.setState("off");
    }

    // Once a second: has the stream died without a word, as after a sleep of the machine?
    watch() {
      if (this.leading && this.source && !this.polling && Date.now() - this.heardAt > SILENT_MS) this.wake();
      this.showState();
    }

    // Somebody looks again, or the network is back.
    look() {
      this.showState();
      if (this.ended) return;
      if (!this.shared) {
        // Without a shared stream a hidden tab gives its connection back.
        if (document.hidden) { this.source?.close(); this.source = null; this.stopPolling(); } else this.wake();
        return;
      }
      if (document.hidden) return;
      if (this.leading) this.wake(); else this.channel.postMessage({ wake: true });
    }

    // A stream that was heard of lately is left alone.
    wake() {
      if (this.ended || (this.source?.readyState === EventSource.OPEN && Date.now() - this.heardAt < SILENT_MS / 2)) return;
      this.failures = 0;
      this.stopPolling();
      this.open();
    }

    contact(state) {
      if (state === "live") this.contactAt = Date.now();
      if (state) this.setState(state);
    }
    setState(state) { this.state = state; this.showState(); }

    showState() {
      const silent = Date.now() - this.contactAt;
      const state = this.state === "off" ? "off" : silent > PAUSED_MS ? "paused" : this.state;
      const short = { hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.zone };
      const word = { live: "Live", reconnecting: "Reconnecting", paused: "Paused", off: "Ended" }[state];
      for (const chip of document.querySelectorAll("[data-live-chip]")) {
        const at = new Date(this.contactAt).toLocaleTimeString("en-GB", "liveShort" in chip.dataset ? short : { ...short, second: "2-digit" });
        chip.dataset.state = state;
        chip.querySelector("[data-live-word]").textContent = word;
        chip.querySelector("[data-live-age]").textContent = state === "off" ? "" : state === "live" ? `as of ${at}` : `numbers as of ${at}`;
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => { for (const element of document.querySelectorAll("[data-live]")) new Live(element); });
})();
