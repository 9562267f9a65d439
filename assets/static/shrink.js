// Photos are made smaller on the phone before they are sent: a weak signal then
// carries them too. Where the browser cannot, they go as they are, and the
// server draws them anew either way.
(() => {
  const side = 1600;
  const small = (file) => new Promise((done) => {
    const img = new Image();
    const url = URL.createObjectURL(file);
    const give = (f) => { URL.revokeObjectURL(url); done(f); };
    img.onerror = () => give(file);
    img.onload = () => {
      const by = Math.min(1, side / Math.max(img.naturalWidth, img.naturalHeight));
      if (by === 1 && file.size < 600 * 1024) return give(file);
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(img.naturalWidth * by);
      canvas.height = Math.round(img.naturalHeight * by);
      canvas.getContext("2d").drawImage(img, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((b) => give(b ? new File([b], "photo.jpg", { type: "image/jpeg" }) : file), "image/jpeg", 0.82);
    };
    img.src = url;
  });
  document.addEventListener("change", async (e) => {
    const input = e.target;
    if (!input.matches("input[type=file][data-shrink]") || !window.DataTransfer) return;
    const to = new DataTransfer();
    for (const file of await Promise.all([...input.files].map(small))) to.items.add(file);
    input.files = to.files;
  });
})();
