package dev.nestor.review;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.index.CacheFolder;
import dev.nestor.review.library.ArchiveOpener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/// Opens the first archives while JavaFX starts, so that the first screen has them. Each is handed
/// out once; every other path is opened when it is asked for.
final class EarlyOpening implements ArchiveOpener {
  private static final int FILES_MAX = 16;

  private final Map<Path, FutureTask<EvidenceArchive>> opening = new LinkedHashMap<>();

  /// Begins at once, on a thread of its own.
  ///
  /// @param paths files or folders; the first few files are begun early
  EarlyOpening(List<Path> paths) {
    List<FutureTask<EvidenceArchive>> tasks =
        paths.stream()
            .map(path -> path.toAbsolutePath().normalize())
            .filter(path -> Files.isRegularFile(path) && path.toString().endsWith(".pgrec"))
            .distinct()
            .limit(FILES_MAX)
            .map(path -> {
              FutureTask<EvidenceArchive> task = new FutureTask<>(() -> openCached(path));
              opening.put(path, task);
              return task;
            })
            .toList();
    Thread.ofPlatform().daemon().name("early-opening").start(() -> tasks.forEach(FutureTask::run));
  }

  /// With an index of large archives in the user's cache folder.
  private static EvidenceArchive openCached(Path path) throws IOException {
    return EvidenceArchives.open(path, Optional.of(CacheFolder.ofUser()));
  }

  @Override
  public EvidenceArchive open(Path path) throws IOException {
    FutureTask<EvidenceArchive> task;
    synchronized (opening) {
      task = opening.remove(path);
    }
    if (task == null) {
      return openCached(path);
    }
    task.run(); // does nothing where it runs or ran already
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening", e);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof IOException why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
