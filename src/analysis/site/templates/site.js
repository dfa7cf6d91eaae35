"use strict";
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
