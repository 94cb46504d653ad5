/// `nestor approvals`: statements that wait for people. Start at [ApprovalsCommand]. Blocks on
/// HTTPS.
@NullMarked
package dev.nestor.cli.approvals;

import org.jspecify.annotations.NullMarked;
