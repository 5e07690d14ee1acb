// Whether it is quiet now: nothing pops up or sounds then. Asked before any celebration or sound, because a page may stay open for days.
// The body says the minutes of the company's day: <body data-zone="America/Chicago" data-quiet="1320-420 720-780">.
(() => {
  function minuteOfTheDay(zone) {
    const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).formatToParts(new Date());
    const [hour, minute] = ["hour", "minute"].map((type) => Number(parts.find((part) => part.type === type).value));
    return hour * 60 + minute;
  }
  window.isQuiet = () => {
    const { quiet, zone } = document.body.dataset;
    if (!quiet) return false;
    const minute = minuteOfTheDay(zone);
    return quiet.split(" ").some((span) => {
      const [starts, ends] = span.split("-").map(Number);
      return starts < ends ? starts <= minute && minute < ends : minute >= starts || minute < ends;
    });
  };
})();
