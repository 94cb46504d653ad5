/// Who the caller is: JSON Web Tokens of trusted issuers, verified with Nimbus JOSE+JWT. Start at
/// [TokenVerifier]. May fetch keys over HTTP and may block; runs on virtual threads, never on an
/// event loop. A token is kept as its SHA-256, never as text.
///
/// Sources: [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519), [RFC
/// 9068](https://www.rfc-editor.org/rfc/rfc9068), [RFC
/// 8725](https://www.rfc-editor.org/rfc/rfc8725).
@NullMarked
package dev.nestor.proxy.identity;

import org.jspecify.annotations.NullMarked;
