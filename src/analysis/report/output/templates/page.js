for (const button of document.querySelectorAll("button.copy")) {
  const quoted = document.getElementById(button.dataset.copies), told = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(quoted.textContent.trim()); }
    catch {
      getSelection().selectAllChildren(quoted);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = told; }, 2000);
  });
}
const unfold = () => document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
addEventListener("hashchange", unfold);
unfold();
const folds = () => [...document.querySelectorAll("details.fold")];
addEventListener("beforeprint", () => folds().forEach(fold => { fold.open = true; }));
