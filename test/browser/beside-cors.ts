/** What stops a page beside CORS, or looks like CORS: told in docs/errors.md, and run in test/browsers/beside.test.ts. */
export interface BesideCors {
  title: string
  /** Run in the page, where `API` is the other origin. */
  run: string
  /** A part of what each engine prints, `null` for nothing. `{api}` is the other origin, `{page}` the page's. */
  prints: Record<'chromium' | 'firefox' | 'webkit', string | null>
  /** What Chromium shows in its network panel where it prints nothing. */
  networkPanel?: string
  /** What is to be known of the lines, such as where they stand. */
  remark?: string
  means: string
  fix: string
  /** Headers of the page that it needs. */
  page?: Readonly<Record<string, string>>
}

const missing = 'CORS header ‘Access-Control-Allow-Origin’ missing'
const wait = (type: string, more = '') =>
  `await new Promise(done => { const it = document.createElement('${type}'); ${more} it.onload = it.onerror = done;`

export const besideCors: readonly BesideCors[] = [
  {
    title: 'No answer at all',
    run: "await fetch('http://127.0.0.1:1234/')",
    prints: { chromium: 'net::ERR_CONNECTION_REFUSED', firefox: 'CORS request did not succeed). Status code: (null).', webkit: 'Load failed' },
    remark: 'A certificate that is not trusted and a name that does not resolve look the same in Firefox and WebKit; Chromium says net::ERR_CERT_… or net::ERR_NAME_NOT_RESOLVED.',
    means: 'Nobody answered: the server is down, its certificate is not trusted, its name does not resolve, or a browser extension blocks the call. Firefox prints it as a matter of CORS, and it is none.',
    fix: 'Open the URL in a tab of its own: there the browser says what is wrong.'
  },
  {
    title: 'no-cors and opaque answers',
    run: "await fetch(API + '/plain', { mode: 'no-cors', method: 'PUT' })",
    prints: { chromium: "'PUT' is unsupported in no-cors mode.", firefox: 'Invalid request method PUT.', webkit: 'Method must be GET, POST or HEAD in no-cors mode.' },
    remark: 'These are errors that the script gets. A GET prints nothing.',
    means: "`mode: 'no-cors'` turns CORS off for nobody: the call is cut down to what a form could send (Content-Type: application/json is left out without a word), and the answer is opaque: its status is 0 and its body empty.",
    fix: "Leave mode: 'no-cors' out, and let the server allow the page."
  },
  {
    title: 'Opaque response blocking (ORB)',
    run: `${wait('script')} it.src = API + '/json'; document.head.append(it) })`,
    prints: { chromium: null, firefox: 'was blocked due to MIME type', webkit: 'Refused to execute' },
    networkPanel: 'net::ERR_BLOCKED_BY_ORB',
    means: 'A plain element (<script>, <img>) or a no-cors call loads what is no script, image or media: JSON or HTML, an error page often. The browser keeps it from the page.',
    fix: 'Call JSON with fetch() and CORS; where a script or an image was meant, look at what the URL really answers.'
  },
  {
    title: 'Cross-Origin-Resource-Policy (NotSameOrigin)',
    run: `${wait('img')} it.src = API + '/corp.svg' })`,
    prints: {
      chromium: 'net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin',
      firefox: 'was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof).',
      webkit: "because it violates the resource's Cross-Origin-Resource-Policy response header."
    },
    means: "The answer says Cross-Origin-Resource-Policy: same-origin, which is Helmet's default: plain elements and no-cors calls of other origins do not get it, whatever CORS says.",
    fix: "Send Cross-Origin-Resource-Policy: cross-origin with what others may embed (Helmet: crossOriginResourcePolicy: { policy: 'cross-origin' }), or load it with the attribute crossorigin, and CORS."
  },
  {
    title: 'Cross-Origin-Embedder-Policy',
    run: `${wait('img')} it.src = API + '/img.svg' })`,
    page: { 'cross-origin-embedder-policy': 'require-corp' },
    prints: {
      chromium: 'net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep',
      firefox: 'was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof).',
      webkit: null
    },
    means: 'The page itself says Cross-Origin-Embedder-Policy: require-corp: it embeds nothing of another origin that does not say Cross-Origin-Resource-Policy: cross-origin, or comes with CORS.',
    fix: 'Send Cross-Origin-Resource-Policy: cross-origin with the resource, load it with the attribute crossorigin, or let the page say credentialless.'
  },
  {
    title: 'Tainted canvas',
    run: `let image; ${wait('img')} image = it; it.src = API + '/img.svg' }); const canvas = document.createElement('canvas'); canvas.getContext('2d').drawImage(image, 0, 0); canvas.toDataURL()`,
    prints: { chromium: 'Tainted canvases may not be exported.', firefox: 'The operation is insecure.', webkit: 'The operation is insecure.' },
    remark: 'An error that the script gets, also from getImageData(), toBlob() and WebGL textures.',
    means: 'An image of another origin was loaded without CORS: it may be drawn, but the canvas can no longer be read.',
    fix: 'Load it with crossorigin (image.crossOrigin = "anonymous", before src), and let the server allow the page.'
  },
  {
    title: 'Images with crossorigin',
    run: `${wait('img', "it.crossOrigin = '';")} it.src = API + '/img.svg' })`,
    prints: { chromium: "Access to image at '{api}/img.svg' from origin '{page}' has been blocked by CORS policy:", firefox: missing, webkit: 'Cannot load image {api}/img.svg due to access control checks.' },
    means: 'The attribute crossorigin asks for CORS, and the server does not allow the page.',
    fix: 'Let the server allow the page; without a need to read the pixels, leave crossorigin out.'
  },
  {
    title: 'Fonts',
    run: "await new FontFace('x', 'url(' + API + '/font.woff2)').load()",
    prints: { chromium: "Access to font at '{api}/font.woff2' from origin '{page}' has been blocked by CORS policy:", firefox: 'bad URI or cross-site access not allowed', webkit: 'A network error occurred.' },
    means: 'Fonts are always loaded with CORS (@font-face too), without cookies.',
    fix: 'Let the server of the fonts allow the page, or any: Access-Control-Allow-Origin: *.'
  },
  {
    title: 'Modules',
    run: "await import(API + '/module.js')",
    prints: { chromium: "Access to script at '{api}/module.js' from origin '{page}' has been blocked by CORS policy:", firefox: 'error loading dynamically imported module: {api}/module.js', webkit: 'Cross-origin script load denied by Cross-Origin Resource Sharing policy.' },
    means: 'Module scripts (type="module", import) are always loaded with CORS, unlike classic ones. From file:// they do not load at all: that page has the origin null.',
    fix: 'Let the server allow the page; serve local files over http.'
  },
  {
    title: 'Workers',
    run: "new Worker(API + '/module.js')",
    prints: { chromium: "cannot be accessed from origin '{page}'.", firefox: 'may not load data from {api}/module.js.', webkit: 'The operation is insecure.' },
    means: 'A worker has to come from the origin of the page: no CORS header changes that.',
    fix: 'Serve the script of the worker from the origin of the page, or let a small one of its own import the other.'
  },
  {
    title: 'EventSource',
    run: "await new Promise(done => { const events = new EventSource(API + '/plain'); events.onerror = () => { events.close(); done() } })",
    prints: { chromium: "Access to resource at '{api}/plain' from origin '{page}' has been blocked by CORS policy:", firefox: 'Firefox can’t establish a connection to the server at {api}/plain.', webkit: 'EventSource cannot load {api}/plain due to access control checks.' },
    means: 'Server-sent events need CORS on the stream itself, which many libraries write past the framework. EventSource sends no headers of its own but Last-Event-ID after a break, for which no browser asks; libraries that read events with fetch() send it as an ordinary header, and that is asked about.',
    fix: 'Send the headers with the stream; with cookies, new EventSource(url, { withCredentials: true }). For fetch(), allow the header Last-Event-ID.'
  },
  {
    title: 'Uploads with progress',
    run: "await new Promise(done => { const request = new XMLHttpRequest(); request.open('POST', API + '/plain'); request.upload.onprogress = () => {}; request.onloadend = done; request.send('x') })",
    prints: { chromium: "Access to XMLHttpRequest at '{api}/plain' from origin '{page}' has been blocked by CORS policy: Response to preflight request", firefox: missing, webkit: 'XMLHttpRequest cannot load {api}/plain due to access control checks.' },
    means: 'A listener on upload (axios: onUploadProgress) or a streamed body forces a preflight, even for a POST that needs none otherwise.',
    fix: 'Answer the preflight: with this plugin, that is done. checkCors and the command know it as upload.'
  },
  {
    title: 'sendBeacon with JSON',
    run: "navigator.sendBeacon(API + '/plain', new Blob(['{}'], { type: 'application/json' }))",
    prints: { chromium: "Access to resource at '{api}/plain' from origin '{page}' has been blocked by CORS policy: Response to preflight request", firefox: missing, webkit: 'Beacon API cannot load {api}/plain.' },
    means: 'A beacon of the type application/json needs a preflight, and a beacon always brings credentials: * is not enough. The call itself returns true.',
    fix: 'Send a text (text/plain), or allow the origin by its name, credentials and Content-Type.'
  },
  {
    title: 'Content-Security-Policy: connect-src',
    run: "await fetch(API + '/plain')",
    page: { 'content-security-policy': "connect-src 'self'" },
    prints: { chromium: "violates the following Content Security Policy directive: \"connect-src 'self'\".", firefox: 'blocked the loading of a resource (connect-src) at {api}/plain', webkit: 'because it does not appear in the connect-src directive of the Content Security Policy.' },
    means: "The page's own policy forbids the call (connect-src, or default-src in its place): it is not sent, and no header of the API changes that.",
    fix: 'Add the API to connect-src in the policy of the page (Helmet sets one by default).'
  },
  {
    title: 'Cookies: SameSite',
    run: "await fetch(API + '/cookie', { credentials: 'include' })",
    prints: { chromium: null, firefox: 'has been rejected because it is in a cross-site context and its “SameSite” is “Lax” or “Strict”', webkit: null },
    remark: 'Chromium marks the cookie in its network panel ("This attempt to set a cookie via a Set-Cookie header was blocked…"), and prints nothing.',
    means: 'The call is allowed, and the cookie is lost: between two sites only SameSite=None; Secure counts, and Chromium wants Partitioned too where it blocks cookies of other sites (as it does in the browser tests); Firefox keeps such cookies for the site of the page alone, Safari hardly any. localhost and 127.0.0.1 are two sites; app.example.com and api.example.com are one.',
    fix: 'Bring page and API under one site, such as app.example.com and api.example.com: that works in every browser. Otherwise set the cookie with SameSite=None; Secure; Partitioned. Call with credentials: \'include\'.'
  },
  {
    title: 'Frames',
    run: `${wait('iframe')} it.src = API + '/plain'; document.body.append(it) }); frames[frames.length - 1].document`,
    prints: { chromium: 'Blocked a frame with origin "{page}" from accessing a cross-origin frame.', firefox: 'Permission denied to access property "document" on cross-origin object', webkit: 'Blocked a frame with origin "{page}" from accessing a cross-origin frame.' },
    remark: 'An error that the script gets.',
    means: 'A page of another origin in a frame can be shown, and not be read: CORS does not apply to documents.',
    fix: 'Let the two pages talk with postMessage(), or call an API.'
  }
]
