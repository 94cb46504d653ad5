/// What a mask leaves of one value, in text and in binary, for every type that is supported. Pure
/// functions over bytes; start at [Masks].
///
/// **Valid.** What comes out is a value of the column's type that the server itself would take, in
/// the format in which it came; a type that is not known becomes NULL, which every type has.
///
/// **Threads.** A [ValueMask] keeps room to work in and belongs to one thread. A [MaskKey] may be
/// shared.
///
/// **Hostile input.** A value that has not the form of its type becomes the fixed value of the
/// type: nothing of it is shown.
@NullMarked
package dev.nestor.policy.mask;

import org.jspecify.annotations.NullMarked;
