// For browsers that are older than the app: words such a browser understands, so no module and nothing that came after it.
// What is asked for is the youngest of what the app uses; docs/operating.md names the versions.
(function () {
  var isNew =
    typeof Promise === 'function' &&
    Promise.withResolvers &&
    window.AbortSignal &&
    AbortSignal.any &&
    window.Intl &&
    Intl.Segmenter &&
    window.CSS &&
    CSS.supports &&
    CSS.supports('color', 'light-dark(red, red)');
  if (isNew) return;
  document.title = 'This browser is too old · Inkwire';
  var app = document.getElementById('app');
  // The app begins in it; where there is none it does not begin.
  app.id = 'old-browser';
  app.className = 'documents narrow';
  app.innerHTML =
    '<main><h1>This browser is too old</h1>' +
    '<p>Inkwire needs Chrome or Edge 123, Firefox 125, Safari 17.5, or one that is younger: all of them are from the spring of 2024. ' +
    'Nothing is wrong with your documents; open this address in such a browser.</p></main>';
})();
