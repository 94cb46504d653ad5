package dev.nestor.evidence.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// What of a review goes into an evidence package: the statements behind it, and its signed record
/// where it is signed.
///
/// @param citations of the statements, each once
/// @param signed the envelope, byte for byte
public record ReviewExhibit(List<String> citations, Optional<byte[]> signed) {
  private static final int HEAD_BYTES = 256;

  public ReviewExhibit {
    citations = List.copyOf(citations);
  }

  /// Reads a signed review, or a campaign with the signed review beside it, if there is one.
  ///
  /// @throws IOException if it cannot be read, or a signed review does not hold
  public static ReviewExhibit of(Path file) throws IOException {
    if (isSigned(file)) {
      return ofSigned(file);
    }
    Path beside = SignedReview.beside(file);
    if (Files.exists(beside)) {
      return ofSigned(beside);
    }
    LinkedHashSet<String> citations = new LinkedHashSet<>();
    for (ReviewItem item : CampaignFile.read(file).items()) {
      item.evidence().forEach(each -> citations.add(each.citation()));
    }
    return new ReviewExhibit(List.copyOf(citations), Optional.empty());
  }

  private static ReviewExhibit ofSigned(Path file) throws IOException {
    return new ReviewExhibit(SignedReview.citations(file), Optional.of(Files.readAllBytes(file)));
  }

  private static boolean isSigned(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8)
          .contains("\"payloadType\"");
    }
  }
}
