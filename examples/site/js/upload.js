// Says that a file is too large before it is sent. The server looks, too.
const file = document.getElementById("file");

file.addEventListener("change", () => {
  const tooLarge = file.files[0]?.size > Number(file.dataset.most);
  file.setCustomValidity(tooLarge ? "This demo takes less than that." : "");
  file.reportValidity();
});
