package dev.nestor.policy.document;

import java.util.List;

/// A document that cannot be used.
public final class DocumentException extends Exception {
  private final transient List<DocumentError> errors;

  /// With every reason that was found.
  public DocumentException(List<DocumentError> errors) {
    super(errors.isEmpty() ? "" : errors.getFirst().message());
    this.errors = List.copyOf(errors);
  }

  /// The reasons, in the order of the document.
  public List<DocumentError> errors() {
    return errors;
  }
}
