package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A PyTorch file: the pickles in it, and the storages that they refer to.
///
/// Since version 1.6 of PyTorch it is a ZIP file of `NAME/data.pkl` and `NAME/data/KEY` for each
/// storage; TorchScript adds `NAME/constants.pkl` and `NAME/constants/KEY`. Before, it was a row of
/// pickles (a magic number, the format's version, the machine, the object, the storages' keys) and
/// then each storage: its number of elements in 8 bytes, and the elements.
final class TorchReader {
    private static final String PICKLE = "data.pkl";
    private static final Object MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final Object VERSION = 1001L;
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final PlainTensors into;

    private TorchReader(MappedFile file, PlainTensors into) {
        this.file = file;
        this.into = into;
    }

    static void read(MappedFile file, PlainTensors into) {
        TorchReader reader = new TorchReader(file, into);
        if (ZipArchive.is(file)) {
            reader.readZip(ZipArchive.read(file));
        } else {
            reader.readLegacy();
        }
    }

    private void readZip(ZipArchive archive) {
        String root = root(archive);
        ZipArchive.Entry order = archive.entries().get(root + "byteorder");
        if (order != null
                && !new String(archive.head(order, 16), StandardCharsets.UTF_8)
                        .strip()
                        .equals("little")) {
            throw file.problem(
                    "its tensors are big-endian; load and save it on a little-endian machine");
        }
        readPickle(archive, root, PICKLE, "data/", "");
        readPickle(archive, root, "constants.pkl", "constants/", "constants");
    }

    /// The folder that everything in the archive lies in.
    private String root(ZipArchive archive) {
        List<String> roots =
                archive.entries().keySet().stream()
                        .filter(name ->
                                name.equals(PICKLE)
                                        || (name.endsWith("/" + PICKLE)
                                                && name.indexOf('/')
                                                        == name.length() - PICKLE.length() - 1))
                        .map(name -> name.substring(0, name.length() - PICKLE.length()))
                        .toList();
        if (roots.size() != 1) {
            throw file.problem(
                    "it is a ZIP file with %d pickles called NAME/data.pkl, one is expected; this is no file of torch.save"
                            .formatted(roots.size()));
        }
        return roots.getFirst();
    }

    private void readPickle(
            ZipArchive archive, String root, String name, String storages, String prefix) {
        ZipArchive.Entry entry = archive.entries().get(root + name);
        if (entry == null) {
            return;
        }
        PickleInput in = new PickleInput(archive.content(entry), 0, name, file::problem);
        Pickle pickle = new Pickle(in, new TorchGlobals());
        @Nullable Object value = pickle.read();
        Map<String, MemorySegment> found = new HashMap<>();
        TorchViews views =
                new TorchViews(
                        file,
                        storage ->
                                found.computeIfAbsent(
                                        storage.key(),
                                        key -> storage(archive, root + storages + key)));
        new TorchValues(file, into, views, pickle).add(prefix, value);
    }

    private MemorySegment storage(ZipArchive archive, String name) {
        ZipArchive.Entry entry = archive.entries().get(name);
        if (entry == null) {
            throw file.problem(
                    "the pickle refers to a storage %s, which is not in the file; download it again"
                            .formatted(Names.quoted(name)));
        }
        return archive.content(entry, 0, Long.BYTES);
    }

    private void readLegacy() {
        long at = 0;
        for (Object expected : new Object[] {MAGIC, VERSION}) {
            PickleInput in = input(at, at == 0 ? "its beginning" : "its version");
            @Nullable Object found;
            try {
                found = new Pickle(in, new TorchGlobals()).read();
            } catch (FormatException e) {
                FormatException problem = file.problem(notTorch());
                problem.initCause(e);
                throw problem;
            }
            if (!expected.equals(found)) {
                throw file.problem(notTorch());
            }
            at = in.position();
        }
        PickleInput system = input(at, "its description of the machine");
        if (new Pickle(system, new TorchGlobals()).read() instanceof Map<?, ?> machine
                && Boolean.FALSE.equals(machine.get("little_endian"))) {
            throw file.problem(
                    "its tensors are big-endian; load and save it on a little-endian machine");
        }
        PickleInput in = input(system.position(), "the object's pickle");
        Seen seen = new Seen();
        Pickle pickle = new Pickle(in, seen);
        @Nullable Object value = pickle.read();
        PickleInput keys = input(in.position(), "the list of storages");
        Map<String, MemorySegment> storages =
                legacyStorages(
                        new Pickle(keys, new TorchGlobals()).read(), keys.position(), seen.widths);
        TorchViews views =
                new TorchViews(
                        file,
                        storage -> {
                            MemorySegment bytes = storages.get(storage.key());
                            if (bytes == null) {
                                throw file.problem(
                                        "the pickle refers to a storage %s, which is not in the file; download it again"
                                                .formatted(Names.quoted(storage.key())));
                            }
                            return bytes;
                        });
        new TorchValues(file, into, views, pickle).add("", value);
    }

    private String notTorch() {
        boolean tar =
                file.size() > 262
                        && new String(
                                        file.bytes().asSlice(257, 5).toArray(ValueLayout.JAVA_BYTE),
                                        StandardCharsets.ISO_8859_1)
                                .equals("ustar");
        return tar
                ? "it is a tar file, as PyTorch saved before version 0.1.10; load and save it with a newer one"
                : "this is no file of torch.save: neither a ZIP file nor one that begins with PyTorch's magic number";
    }

    private PickleInput input(long at, String what) {
        return new PickleInput(file.bytes(), at, what, file::problem);
    }

    private Map<String, MemorySegment> legacyStorages(
            @Nullable Object keys, long begin, Map<String, Integer> widths) {
        if (!(keys instanceof List<?> list)) {
            throw file.problem("its list of storages is no list; it is damaged");
        }
        Set<String> names = new LinkedHashSet<>();
        for (Object key : list) {
            if (!(key instanceof String name) || !widths.containsKey(name) || !names.add(name)) {
                throw file.problem(
                        "its list of storages has %s, which no tensor refers to, or twice"
                                .formatted(
                                        key instanceof String text
                                                ? Names.quoted(text)
                                                : "no string"));
            }
        }
        Map<String, MemorySegment> storages = new HashMap<>();
        long at = begin;
        for (String name : names) {
            if (file.size() - at < Long.BYTES) {
                throw file.truncated("the storage " + Names.quoted(name), at + Long.BYTES);
            }
            long elements = file.bytes().get(I64, at);
            at += Long.BYTES;
            int width = widths.getOrDefault(name, 1);
            if (elements < 0 || elements > (file.size() - at) / width) {
                throw file.problem(
                        at - Long.BYTES,
                        "the storage %s has %s elements of %d bytes, the file has %d bytes more; download it again"
                                .formatted(
                                        Names.quoted(name),
                                        Long.toUnsignedString(elements),
                                        width,
                                        file.size() - at));
            }
            storages.put(name, file.aligned(at, elements * width, Math.min(width, Long.BYTES)));
            at += elements * width;
        }
        return storages;
    }

    /// Notes how wide each storage's elements are: only the references to it say so.
    private static final class Seen implements PickleGlobals {
        private final TorchGlobals globals = new TorchGlobals();
        private final Map<String, Integer> widths = new HashMap<>();

        @Override
        public Object global(String module, String name) {
            return globals.global(module, name);
        }

        @Override
        public Object persistent(@Nullable Object id) {
            Object value = globals.persistent(id);
            if (value instanceof TorchTensor.Storage storage) {
                int width = storage.type() == null ? 1 : storage.type().bits() / 8;
                Integer before = widths.putIfAbsent(storage.key(), width);
                if (before != null && before != width) {
                    throw new IllegalArgumentException(
                            "the storage %s has elements of %d and of %d bytes"
                                    .formatted(Names.quoted(storage.key()), before, width));
                }
            }
            return value;
        }
    }
}
