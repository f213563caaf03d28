package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Makes chunks of large files that came in one piece, so that they share what they have in common
/// with other files and versions. A file is read back from its chunks and compared before the piece
/// is let go of. Used by one thread at a time.
final class Repacking {
    /// Bundles whose chunks are remembered.
    private static final int MOST_BUNDLES = 64;

    private final ChunkStore store;
    private final Path work;
    private final BooleanSupplier stopping;

    /// Where chunks are that were seen not long ago, by their hashes.
    private final Map<String, Place> known = new HashMap<>();

    private final Map<String, XorbIndex> bundles = new LinkedHashMap<>();

    /// @param work folder for bytes under construction
    /// @param stopping whether to leave the file as it is and be done
    Repacking(ChunkStore store, Path work, BooleanSupplier stopping) {
        this.store = store;
        this.work = work;
        this.stopping = stopping;
    }

    /// A chunk of a bundle; null for the bundle that is being written.
    private record Place(@Nullable String bundle, int place, int size) {}

    /// A file on its way into chunks.
    private static final class Progress {
        final List<Place> places = new ArrayList<>();
        final List<XetHashes.Node> nodes = new ArrayList<>();

        /// Places before this one name their bundle.
        int named;
    }

    /// Keeps the file as chunks.
    ///
    /// @param piece reads it as it is kept now
    void repack(ContentId oid, InputStream piece) throws IOException {
        Progress file = new Progress();
        Chunker chunker = new Chunker(piece);
        XorbWriter xorb = new XorbWriter(work);
        try {
            for (byte[] chunk = chunker.next(); chunk != null; chunk = chunker.next()) {
                if (stopping.getAsBoolean()) {
                    return;
                }
                byte[] hash = XetHashes.chunk(chunk);
                file.nodes.add(new XetHashes.Node(hash, chunk.length));
                file.places.add(place(file, chunk, hash, xorb));
                if (xorb.isFull()) {
                    finish(file, xorb);
                    xorb.close();
                    xorb = new XorbWriter(work);
                }
            }
            if (!xorb.isEmpty()) {
                finish(file, xorb);
            }
        } finally {
            xorb.close();
            // Only after a failure: their bundle was not written.
            known.values().removeIf(place -> place.bundle() == null);
        }
        String hash = XetHashes.text(XetHashes.file(file.nodes));
        store.replace(oid, hash, terms(file.places));
    }

    private Place place(Progress file, byte[] chunk, byte[] hash, XorbWriter xorb)
            throws IOException {
        String name = XetHashes.text(hash);
        Place seen = known.get(name);
        // Behind the end of a known bundle the next one may begin, whose first chunk is a sample.
        boolean looked = known(file) || ChunkStore.isSample(hash);
        if (seen == null && looked) {
            remember(store.sampled(name));
            seen = known.get(name);
        }
        if (seen == null) {
            seen = new Place(null, xorb.add(chunk, hash), chunk.length);
            known.put(name, seen);
        }
        return seen;
    }

    /// Whether the chunk before is of another bundle than the one being written; also at the begin.
    private static boolean known(Progress file) {
        return file.places.isEmpty() || file.places.getLast().bundle() != null;
    }

    private void remember(Optional<String> bundle) {
        bundle.ifPresent(
                name -> store.bundle(name).ifPresent(found -> remember(name, found.index())));
    }

    private void remember(String bundle, XorbIndex index) {
        bundles.put(bundle, index);
        for (int i = 0; i < index.count(); i++) {
            XorbIndex.Chunk chunk = index.chunk(i);
            known.put(XetHashes.text(chunk.hash()), new Place(bundle, i, chunk.size()));
        }
        if (bundles.size() > MOST_BUNDLES) {
            Iterator<Map.Entry<String, XorbIndex>> eldest = bundles.entrySet().iterator();
            Map.Entry<String, XorbIndex> gone = eldest.next();
            eldest.remove();
            known.values().removeIf(place -> gone.getKey().equals(place.bundle()));
        }
    }

    /// Stores the bundle and says so where it is meant.
    private void finish(Progress file, XorbWriter xorb) throws IOException {
        XorbIndex index = xorb.index();
        String name = XetHashes.text(XetHashes.root(index.nodes(0, index.count())));
        try (InputStream in = xorb.stream()) {
            store.putBundle(name, in);
        }
        for (int i = file.named; i < file.places.size(); i++) {
            Place place = file.places.get(i);
            if (place.bundle() == null) {
                file.places.set(i, new Place(name, place.place(), place.size()));
            }
        }
        file.named = file.places.size();
        remember(name, index);
    }

    /// Places that follow each other are one term.
    private static List<XetShard.Term> terms(List<Place> places) {
        List<XetShard.Term> terms = new ArrayList<>();
        for (Place place : places) {
            String bundle = String.valueOf(place.bundle());
            XetShard.Term last = terms.isEmpty() ? null : terms.getLast();
            if (last != null
                    && last.xorb().equals(bundle)
                    && last.end() == place.place()
                    && last.bytes() < Integer.MAX_VALUE / 2) {
                terms.set(
                        terms.size() - 1,
                        new XetShard.Term(
                                bundle, last.bytes() + place.size(), last.start(), last.end() + 1));
            } else {
                terms.add(
                        new XetShard.Term(bundle, place.size(), place.place(), place.place() + 1));
            }
        }
        return terms;
    }

    /// All large files that are kept in one piece; one that cannot be repacked stays as it is.
    static void all(Repositories repositories, Path work, BooleanSupplier stopping) {
        Repacking repacking = new Repacking(repositories.chunks(), work, stopping);
        for (ContentId oid : repositories.chunks().whole()) {
            if (stopping.getAsBoolean()) {
                return;
            }
            try (Blobs.Hold _ = repositories.blobs().hold();
                    InputStream in = Channels.newInputStream(repositories.blobs().open(oid))) {
                repacking.repack(oid, in);
            } catch (IOException | RuntimeException e) {
                System.err.println("hub: " + oid + " is not kept as chunks: " + e.getMessage());
            }
        }
    }
}
