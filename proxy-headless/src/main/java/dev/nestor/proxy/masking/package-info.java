/// What a masked caller is shown: a plan per portal, made from the server's own description of it
/// ([RowRule] says when one is needed, [CatalogMasks] makes it), the rewriting of rows
/// ([MaskPlan]), and the texts of errors, notices, notifications and settings ([ClientTexts]).
///
/// Static facts block before anything is forwarded; what is here only chooses masks and
/// cross-checks. A description that facts did not foresee, a row without a plan, a row that has not
/// the form of its description: each ends the session.
///
/// **Threads.** Belongs to the event loop of its session. No sockets, no Netty.
///
/// **Hostile input.** Rows and descriptions come from the server, which is trusted no more than the
/// client: every count and length is checked where it is read.
@NullMarked
package dev.nestor.proxy.masking;

import org.jspecify.annotations.NullMarked;
