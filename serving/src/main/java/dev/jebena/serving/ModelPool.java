package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The loaded models: loads on demand, shares, and unloads by time and memory.
///
/// Requests for a model that is being loaded wait for that one load, and all get its error if it
/// fails. To make room the idle model that was used longest ago goes first; a model in use never
/// does.
public final class ModelPool implements AutoCloseable {
    private static final Duration ROOM_PATIENCE = Duration.ofSeconds(60);

    private final ModelLoader loader;
    private final LlmOptions engine;
    private final Duration keepAlive;
    private final long budget;
    private final Map<String, PooledModel> models = new LinkedHashMap<>();
    private final ServedAdapters adapters;
    private final Map<Slot, int[]> slots = new ConcurrentHashMap<>();
    private final Thread sweeper;
    private @Nullable String lastUsed;
    private long loads;
    private boolean closed;

    public ModelPool(ModelLoader loader, ServingOptions options) {
        this.loader = loader;
        engine = options.engine();
        adapters = new ServedAdapters(options.adapters());
        keepAlive = options.keepAlive();
        budget =
                options.memoryBytes() > 0
                        ? options.memoryBytes()
                        : Math.max(machineMemory() / 5 * 3, 1L << 30);
        sweeper = Thread.ofVirtual().name("jebena-model-sweeper").start(this::sweep);
    }

    /// The adapters that are loaded with models.
    ServedAdapters adapters() {
        return adapters;
    }

    /// A place for the last answer of a model.
    record Slot(String model, int id) {
        /// Slots of a model at most.
        static final int MOST = 64;

        static Slot of(ModelLease lease, int id) {
            return new Slot(lease.model().name().toString(), id);
        }
    }

    /// The tokens of the last answer in each slot, its prompt included.
    Map<Slot, int[]> slots() {
        return slots;
    }

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory() * 4;
    }

    /// Memory that loaded models may take together.
    public long budget() {
        return budget;
    }

    /// The model, loaded. Throws what made the load fail, or [HttpException] 503 when there is no
    /// room for it.
    ///
    /// @param contextLength positions wanted; 0 for no wish. More than a loaded model has reloads
    ///   it when nobody uses it
    /// @param keep how long it stays loaded after this use, also for later requests; null for the
    ///   default
    public ModelLease acquire(StoredModel model, int contextLength, @Nullable Duration keep) {
        long start = System.nanoTime();
        PooledModel mine = null;
        PooledModel place;
        synchronized (this) {
            place = models.get(key(model));
            if (place != null && tooShort(place, contextLength)) {
                remove(place);
                place = null;
            }
            if (place == null) {
                makeRoom(model);
                // While waiting for room another request may have begun to load it.
                place = models.get(key(model));
            }
            if (place == null) {
                mine = new PooledModel(model, keepAlive);
                place = mine;
                models.put(key(model), mine);
            }
            place.users++;
            if (keep != null) {
                place.keepAlive = keep;
            }
            lastUsed = model.name().toString();
        }
        if (mine != null) {
            load(mine, contextLength);
        }
        awaitLoaded(place);
        return new ModelLease(this, place, Duration.ofNanos(System.nanoTime() - start));
    }

    private static String key(StoredModel model) {
        return model.name() + " " + model.digest();
    }

    private static boolean tooShort(PooledModel place, int contextLength) {
        return place.idle()
                && !place.loaded.isCompletedExceptionally()
                && place.llm().contextLength() < contextLength
                && place.llm().contextLength() < place.llm().info().contextLength();
    }

    private void load(PooledModel mine, int contextLength) {
        StoredModel model = mine.model();
        int wanted = wantedContext(model, contextLength);
        Llm llm = null;
        try {
            LlmOptions adapted = engine.adapters(adapters(model));
            llm = loader.load(model, wanted > 0 ? adapted.contextLength(wanted) : adapted);
            mine.prepare(llm);
            synchronized (this) {
                loads++;
                trim(mine);
            }
            mine.loaded.complete(llm);
        } catch (RuntimeException | Error e) {
            if (llm != null) {
                llm.close();
            }
            synchronized (this) {
                remove(mine);
            }
            mine.loaded.completeExceptionally(e);
        }
    }

    /// The model's own, then those of this server.
    private List<AdapterFile> adapters(StoredModel model) {
        List<AdapterFile> files = new ArrayList<>(ModelLoader.adapters(model));
        files.addAll(adapters.of(model.name().toString()));
        return files;
    }

    /// The request's wish, else the Modelfile's; no more than the model was made for.
    private static int wantedContext(StoredModel model, int contextLength) {
        Object configured = model.parameters().get("num_ctx");
        int wanted =
                contextLength > 0
                        ? contextLength
                        : configured instanceof Number number ? number.intValue() : 0;
        long longest = model.details().contextLength();
        return longest > 0 ? (int) Math.min(wanted, longest) : wanted;
    }

    private void awaitLoaded(PooledModel place) {
        try {
            place.loaded.join();
        } catch (CompletionException e) {
            release(place);
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof OutOfMemoryError) {
                throw new HttpException(
                                503,
                                "out_of_memory",
                                "There is not enough memory to load " + place.model().name())
                        .causedBy(e);
            }
            throw e;
        }
    }

    // Called with the lock held; may give it up while it waits for a model to become idle.
    private void makeRoom(StoredModel model) {
        long need = model.size() + model.size() / 4;
        if (need > budget) {
            throw new HttpException(
                    503,
                    "out_of_memory",
                    String.format(
                            "Model %s needs about %,d MiB, more than the %,d MiB that models may take;"
                                    + " allow more with --memory",
                            model.name(), need >> 20, budget >> 20));
        }
        long end = System.nanoTime() + ROOM_PATIENCE.toNanos();
        while (!closed && used() + need > budget && !models.containsKey(key(model))) {
            Optional<PooledModel> oldest =
                    models.values().stream()
                            .filter(PooledModel::idle)
                            .min(Comparator.comparingLong(p -> p.idleSinceNanos));
            if (oldest.isPresent()) {
                remove(oldest.get());
            } else if (System.nanoTime() - end > 0) {
                throw new HttpException(
                                503,
                                "models_busy",
                                "All loaded models are in use and leave no room for "
                                        + model.name())
                        .retryAfter(10);
            } else {
                await(100);
            }
        }
        if (closed) {
            throw new HttpException(503, "shutting_down", "The server is shutting down");
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller loops
    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpException(503, "interrupted", "The request was interrupted").causedBy(e);
        }
    }

    // With the lock held. Only after the load is it known what a model really takes.
    private void trim(PooledModel kept) {
        List<PooledModel> idle =
                models.values().stream()
                        .filter(p -> p != kept && p.idle())
                        .sorted(Comparator.comparingLong(p -> p.idleSinceNanos))
                        .toList();
        for (PooledModel place : idle) {
            if (used() > budget) {
                remove(place);
            }
        }
    }

    private long used() {
        return models.values().stream().mapToLong(p -> p.bytes).sum();
    }

    // With the lock held. The engine is closed on another thread: that may take a while.
    private void remove(PooledModel place) {
        models.remove(key(place.model()), place);
        place.removed = true;
        if (place.idle() && !place.loaded.isCompletedExceptionally()) {
            Llm llm = place.llm();
            Thread.startVirtualThread(llm::close);
        }
        notifyAll();
    }

    synchronized void release(PooledModel place) {
        place.users--;
        place.idleSinceNanos = System.nanoTime();
        if (place.users == 0) {
            if (place.removed || place.expired(place.idleSinceNanos)) {
                remove(place);
            }
            notifyAll();
        }
    }

    /// Unloads the model when nobody uses it any more; false when it is not loaded.
    public synchronized boolean unload(StoredModel model) {
        PooledModel place = models.get(key(model));
        if (place == null) {
            return false;
        }
        place.keepAlive = Duration.ZERO;
        if (place.idle()) {
            remove(place);
        }
        return true;
    }

    /// The name of the model that was asked for last and is still loaded.
    public synchronized Optional<String> lastUsed() {
        String name = lastUsed;
        return models.values().stream()
                .map(p -> p.model().name().toString())
                .filter(n -> n.equals(name))
                .findFirst();
    }

    /// Number of loads since the start.
    public synchronized long loads() {
        return loads;
    }

    /// The models in memory, the one used last first.
    public synchronized List<LoadedModel> loaded() {
        List<LoadedModel> list = new ArrayList<>();
        long now = System.nanoTime();
        for (PooledModel place : models.values()) {
            if (!place.loaded.isDone() || place.loaded.isCompletedExceptionally()) {
                continue;
            }
            long left =
                    place.keepAlive.toNanos() - (place.users > 0 ? 0 : now - place.idleSinceNanos);
            Instant expires = place.keepAlive.isNegative() ? null : Instant.now().plusNanos(left);
            Llm llm = place.llm();
            list.addFirst(
                    new LoadedModel(
                            place.model(),
                            llm.contextLength(),
                            place.bytes,
                            place.users,
                            expires,
                            llm.stats()));
        }
        return list;
    }

    private void sweep() {
        while (true) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException _) {
                return;
            }
            synchronized (this) {
                long now = System.nanoTime();
                List.copyOf(models.values()).stream()
                        .filter(p -> p.expired(now))
                        .forEach(this::remove);
            }
        }
    }

    /// Unloads everything; models in use end their answers.
    @Override
    public void close() {
        sweeper.interrupt();
        List<PooledModel> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(models.values());
            models.clear();
            notifyAll();
        }
        for (PooledModel place : all) {
            try {
                place.loaded.join().close();
            } catch (CompletionException _) {
                // A failed load holds nothing.
            }
        }
    }
}
