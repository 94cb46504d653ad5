/// `nestor credentials`: what was issued from what, and its revocation. Start at
/// [CredentialsCommand]. Blocks on HTTPS.
@NullMarked
package dev.nestor.cli.credentials;

import org.jspecify.annotations.NullMarked;
