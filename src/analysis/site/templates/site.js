"use strict";
// Where the site does not know its address, code to copy names the address at which the page is open.
for (const field of document.querySelectorAll("[data-up]")) {
  const up = field.dataset.up, home = new URL(up || ".", location.href).href;
  field.value = field.value.replace(/(["'])(?=(?:\.\.\/|figures\/|indicators\/|data\/))/g, `$1${up ? "" : home}`);
  if (up) field.value = field.value.replaceAll(`"${up}`, `"${home}`);
}
// Buttons that copy a text field; from a folder, where the clipboard may be closed, the field is selected and copied.
for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.firstChild.textContent;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    document.execCommand("copy");
    button.firstChild.textContent = button.dataset.done;
    setTimeout(() => { button.firstChild.textContent = words; }, 2000);
  });
}
