(function (page) {
  var exit = page.querySelector(".exit"), shifts = 0, last = 0;
  if (!exit) return;
  function leave(event) {
    event.preventDefault();
    page.body.textContent = "";
    location.replace(exit.href);
  }
  exit.addEventListener("click", leave);
  page.addEventListener("keydown", function (event) {
    if (event.repeat) return;
    if (event.key !== "Shift" || event.timeStamp - last > 2000) shifts = 0;
    last = event.timeStamp;
    if (event.key === "Shift" && ++shifts === 3) leave(event);
  });
})(document);
