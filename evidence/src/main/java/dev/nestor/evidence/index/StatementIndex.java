package dev.nestor.evidence.index;

import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Segment;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.chunk.ChunkDecoder;
import dev.nestor.recorder.chunk.ChunkRow;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.index.SegmentHeader;
import dev.nestor.recorder.index.Trailer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Numbers of all statements of an archive, chunk by chunk: from the cache where it has them, else
/// from the archive. Of an archive of some hundred thousand frames nothing is cached.
///
/// **Threads.** May be shared. Two processes may use one archive; the first writes the cache.
public final class StatementIndex implements AutoCloseable {
  /// Archives of fewer frames are read faster than a cache is opened.
  public static final long FRAMES_MIN = 200_000;

  /// Stands for a text that the cache has lost; no tag or SQLSTATE has such a character.
  private static final String LOST = "\u0000lost";

  private static final int BLOCKS_KEPT = 96;

  private final Archive archive;
  private final boolean small;
  private final Optional<BlockStore> store;
  private final BlockReading reading;
  private final BitSet known;
  private final List<BlockStore.@Nullable PlanPlace> planPlaces = new ArrayList<>();
  private final Map<Long, ArchiveObject.Plan> plans = new HashMap<>();
  private @Nullable Map<ArchiveObject.Plan, Long> planIds;
  private final List<String> texts = new ArrayList<>(List.of(""));
  private final Map<String, Long> textIds = new HashMap<>(Map.of("", 0L));
  private final Map<Integer, StatementBlock> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, StatementBlock> eldest) {
          return size() > BLOCKS_KEPT;
        }
      };

  private StatementIndex(
      Archive archive,
      Optional<BlockStore> store,
      ToIntFunction<RecordedEvent> kinds,
      boolean small) {
    this.small = small;
    this.archive = archive;
    this.store = store;
    this.reading = new BlockReading(archive, kinds);
    this.known = store.map(BlockStore::known).orElseGet(BitSet::new);
    planPlaces.add(null);
    store.ifPresent(kept -> {
      for (BlockStore.PlanPlace each : kept.plans()) {
        while (planPlaces.size() <= each.id() && planPlaces.size() < 1 << 24) {
          planPlaces.add(null);
        }
        if (each.id() > 0 && each.id() < planPlaces.size()) {
          planPlaces.set((int) each.id(), each);
        }
      }
      for (BlockStore.Text each : kept.texts()) {
        while (texts.size() <= each.id() && texts.size() < 1 << 24) {
          texts.add(LOST);
        }
        if (each.id() > 0 && each.id() < texts.size()) {
          texts.set((int) each.id(), each.text());
          textIds.put(each.text(), each.id());
        }
      }
    });
  }

  /// Opens it; reads nothing of the archive yet.
  ///
  /// @param cache folder for the cache; none is used without it, for a small archive, or for one
  ///   that grows
  /// @param kinds which events of a session have rows, as bits of [StatementBlock]
  public static StatementIndex open(
      Archive archive, Optional<Path> cache, ToIntFunction<RecordedEvent> kinds) {
    return open(archive, cache, kinds, FRAMES_MIN);
  }

  static StatementIndex open(
      Archive archive, Optional<Path> cache, ToIntFunction<RecordedEvent> kinds, long framesMin) {
    boolean small = archive.frameCount() < framesMin;
    Optional<BlockStore> store =
        small
            ? Optional.empty()
            : cache.flatMap(folder ->
                identity(archive)
                    .flatMap(
                        name -> BlockStore.open(folder.resolve("index").resolve(name + ".db"))));
    return new StatementIndex(archive, store, kinds, small);
  }

  /// A name for an archive as it is now: of its segments with their last checkpoints, and of what
  /// the file system says. What was worked out for another name is not true of it.
  ///
  /// @return empty if it grows, or cannot be read
  public static Optional<String> identity(Archive archive) {
    if (archive.segments().stream().anyMatch(Segment::isGrowing)) {
      return Optional.empty();
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Segment segment : archive.segments()) {
        String header =
            segment.header().map(SegmentHeader::uuid).map(Object::toString).orElse("none");
        String file =
            "%s %s %d %d %d %s\n"
                .formatted(
                    header,
                    segment.file().getFileName(),
                    segment.from(),
                    segment.bytes(),
                    Files.size(segment.file()),
                    Files.getLastModifiedTime(segment.file()));
        sha.update(file.getBytes(StandardCharsets.UTF_8));
        Optional<Trailer> trailer = segment.trailer();
        if (trailer.isPresent()) {
          long from = trailer.get().checkpointOffset();
          sha.update(segment.read(from, 1024));
        }
      }
      return Optional.of(HexFormat.of().formatHex(sha.digest(), 0, 16));
    } catch (IOException | DamageException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// How many chunks the archive has.
  public int chunks() {
    return archive.chunkCount();
  }

  /// Whether every block can be had without reading the archive. True for an archive that needs no
  /// cache.
  public boolean isComplete() {
    synchronized (blocks) {
      return small || known.cardinality() >= chunks();
    }
  }

  /// Makes what the cache has not yet. What was made before stays, also if this one is stopped.
  ///
  /// @param goOn is told how many of how many chunks are there; false stops
  /// @return whether it is complete
  public boolean build(BiPredicate<Integer, Integer> goOn) {
    if (store.isEmpty() || !store.get().writes()) {
      return isComplete();
    }
    try {
      for (int chunk = 0; chunk < chunks(); chunk++) {
        boolean missing;
        synchronized (blocks) {
          missing = !known.get(chunk);
        }
        if (missing) {
          make(chunk);
        }
        if ((chunk & 15) == 15 && !goOn.test(chunk, chunks())) {
          return false;
        }
      }
      return isComplete();
    } finally {
      store.get().flush();
    }
  }

  /// The rows of a chunk.
  public StatementBlock block(int chunk) {
    boolean kept;
    synchronized (blocks) {
      StatementBlock here = blocks.get(chunk);
      if (here != null) {
        return here;
      }
      kept = known.get(chunk);
    }
    StatementBlock block =
        (kept ? store.flatMap(from -> from.block(chunk)) : Optional.<StatementBlock>empty())
            .filter(this::isNamed)
            .orElse(null);
    if (block == null) {
      block = make(chunk);
    }
    synchronized (blocks) {
      blocks.put(chunk, block);
    }
    return block;
  }

  /// Whether it names only what is there: the cache may have lost some.
  private boolean isNamed(StatementBlock block) {
    synchronized (blocks) {
      for (int i = 0; i < block.rows(); i++) {
        long plan = block.get(Column.PLAN, i);
        if (plan >= planPlaces.size()
            || (plan > 0 && planPlaces.get((int) plan) == null)
            || isLost(block.get(Column.TAG, i))
            || isLost(block.get(Column.SQLSTATE, i))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isLost(long text) {
    return text >= texts.size() || texts.get((int) text).equals(LOST);
  }

  private StatementBlock make(int chunk) {
    synchronized (reading) {
      Fresh fresh = new Fresh();
      StatementBlock block = reading.read(chunk, fresh);
      boolean kept =
          store.isPresent() && store.get().keep(chunk, block, fresh.newPlans, fresh.newTexts);
      synchronized (blocks) {
        if (kept) {
          known.set(chunk);
        }
      }
      return block;
    }
  }

  /// Gives out numbers and remembers which are new.
  private final class Fresh implements BlockReading.Numbers {
    private final List<BlockStore.PlanPlace> newPlans = new ArrayList<>();
    private final List<BlockStore.Text> newTexts = new ArrayList<>();
    private final java.util.IdentityHashMap<ArchiveObject.Plan, Long> here =
        new java.util.IdentityHashMap<>();

    @Override
    public long plan(Statement statement, int chunk, int row) {
      ArchiveObject.Plan plan = statement.plan();
      return plan == null
          ? 0
          : here.computeIfAbsent(
              plan, each -> StatementIndex.this.number(each, chunk, row, newPlans));
    }

    @Override
    public long text(String text) {
      synchronized (blocks) {
        return textIds.computeIfAbsent(
            text,
            each -> {
              newTexts.add(new BlockStore.Text(texts.size(), each));
              texts.add(each);
              return texts.size() - 1L;
            });
      }
    }
  }

  private long number(
      ArchiveObject.Plan plan, int chunk, int row, List<BlockStore.PlanPlace> into) {
    Map<ArchiveObject.Plan, Long> ids = planIds();
    synchronized (blocks) {
      Long id = ids.get(plan);
      if (id == null) {
        id = (long) planPlaces.size();
        BlockStore.PlanPlace place = new BlockStore.PlanPlace(id, chunk, row);
        planPlaces.add(place);
        plans.put(id, plan);
        ids.put(plan, id);
        into.add(place);
      }
      return id;
    }
  }

  /// Plans by what they are; reads those that the cache only names.
  private Map<ArchiveObject.Plan, Long> planIds() {
    synchronized (blocks) {
      Map<ArchiveObject.Plan, Long> known = planIds;
      if (known == null) {
        known = new HashMap<>();
        for (long id = 1; id < planPlaces.size(); id++) {
          ArchiveObject.Plan plan = plan(id).orElse(null);
          if (plan != null) {
            known.putIfAbsent(plan, id);
          }
        }
        planIds = known;
      }
      return known;
    }
  }

  /// How many plans have numbers, which are from 1.
  public int plans() {
    synchronized (blocks) {
      return planPlaces.size() - 1;
    }
  }

  /// A plan; empty for 0, or if its chunk cannot be read.
  public Optional<ArchiveObject.Plan> plan(long id) {
    synchronized (blocks) {
      ArchiveObject.Plan known = plans.get(id);
      if (known != null || id <= 0 || id >= planPlaces.size()) {
        return Optional.ofNullable(known);
      }
      BlockStore.PlanPlace place = planPlaces.get((int) id);
      if (place == null || place.chunk() < 0 || place.chunk() >= chunks()) {
        return Optional.empty();
      }
      ArchiveObject.Plan read =
          archive.chunk(place.chunk()).map(c -> plan(c, place.row())).orElse(null);
      if (read != null) {
        plans.put(id, read);
      }
      return Optional.ofNullable(read);
    }
  }

  private static ArchiveObject.@Nullable Plan plan(ChunkDecoder chunk, int row) {
    try {
      synchronized (chunk) {
        List<ChunkRow> begun = chunk.rows().stream().filter(ChunkRow::begins).toList();
        return row < begun.size()
                && chunk.object(begun.get(row).plan()) instanceof ArchiveObject.Plan plan
            ? plan
            : null;
      }
    } catch (DamageException e) {
      return null;
    }
  }

  /// A text that rows share.
  public String text(long id) {
    synchronized (blocks) {
      return id < texts.size() ? texts.get((int) id) : "";
    }
  }

  /// A statement with everything that the archive has of it.
  ///
  /// @param row of a statement in the block of that chunk
  public Statement statement(int chunk, int row) {
    StatementBlock block = block(chunk);
    Statement statement = assembled(block, row);
    if (block.get(Column.OWN, row) == 0) {
      return statement;
    }
    return archive.statementsByChunk().apply(chunk).stream()
        .filter(
            each -> each.session() == statement.session() && each.number() == statement.number())
        .findFirst()
        .orElse(statement);
  }

  @SuppressWarnings("NullAway") // plan and mask of a Statement may be null; not seen from here
  private Statement assembled(StatementBlock block, int row) {
    return new Statement(
        block.sessions().get((int) block.get(Column.SESSION, row)),
        block.get(Column.NUMBER, row),
        0,
        block.get(Column.ANCHOR, row),
        (int) block.get(Column.MESSAGE, row),
        (int) block.get(Column.PART, row),
        plan(block.get(Column.PLAN, row)).orElse(null),
        DecisionCode.of(block.get(Column.DECISION, row)),
        block.get(Column.ENDED, row) != 0,
        block.get(Column.END_FRAME, row),
        (int) block.get(Column.END_MESSAGE, row),
        block.get(Column.ROWS, row),
        Outcome.of(block.get(Column.OUTCOME, row)),
        text(block.get(Column.TAG, row)),
        text(block.get(Column.SQLSTATE, row)),
        TransactionStatus.of(block.get(Column.TRANSACTION, row)),
        block.get(Column.DECIDE_MICROS, row),
        block.get(Column.BYTES, row),
        block.get(Column.CONTINUES, row),
        List.of(),
        null,
        block.get(Column.CREDENTIAL, row),
        block.get(Column.STARTED, row),
        block.get(Column.ENDED_AT, row));
  }

  @Override
  public void close() {
    store.ifPresent(BlockStore::close);
  }
}
