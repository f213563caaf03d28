package dev.jebena.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Function;

/// NumPy's files: `.npy` with one array, `.npz` with named ones.
///
/// Read are versions 1 to 3, both byte orders, C and Fortran order, all numbers but long doubles,
/// booleans and complex numbers; of a `.npz`, arrays of other elements (strings, dates, pickled
/// objects, structures) are named by [PlainTensors#others()]. Arrays are mapped where they are
/// little-endian, in C order and not compressed.
public final class Npy {
    private static final String ENDING = ".npy";
    private static final ValueLayout.OfShort LITTLE_16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BIG_16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt LITTLE_32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt BIG_32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LITTLE_64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG_64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Npy() {}

    /// Opens a `.npy` or `.npz` file, whatever its name. The array of a `.npy` file is called as
    /// the file is, without `.npy`. Throws [FormatException] when the file is damaged or of another
    /// kind.
    public static PlainTensors open(Path path) {
        return PlainTensors.open(path, Npy::read);
    }

    private static void read(MappedFile file, PlainTensors into) {
        if (ZipArchive.is(file)) {
            readAll(file, ZipArchive.read(file), into);
        } else {
            int length = (int) Math.min(file.size(), NpyHeader.LONGEST + 12L);
            byte[] head = file.bytes().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            NpyHeader header = NpyHeader.read(head, file::problem);
            checkSize(header, file.size(), file::problem);
            MemorySegment data =
                    file.aligned(
                            header.length(), file.size() - header.length(), header.type().width());
            String name = stem(String.valueOf(file.path().getFileName()));
            into.add(tensor(name, header, data, file));
        }
    }

    private static void readAll(MappedFile file, ZipArchive archive, PlainTensors into) {
        for (ZipArchive.Entry entry : archive.entries().values()) {
            String name = stem(entry.name());
            byte[] head = archive.head(entry, NpyHeader.LONGEST + 12);
            if (!NpyHeader.is(head)) {
                into.addOther(name, "no array");
                continue;
            }
            NpyHeader header;
            try {
                header = NpyHeader.read(head, FormatException::new);
            } catch (FormatException e) {
                into.addOther(name, "an array that cannot be read: " + e.getMessage());
                continue;
            }
            checkSize(
                    header,
                    entry.size(),
                    what -> file.problem("the array " + Names.quoted(name) + ": " + what));
            MemorySegment data = archive.content(entry, header.length(), header.type().width());
            if (!into.add(tensor(name, header, data, file))) {
                throw file.problem("there are two arrays called " + Names.quoted(name));
            }
        }
    }

    private static void checkSize(
            NpyHeader header, long size, Function<String, FormatException> problem) {
        long bytes = Shapes.bytes(header.type(), header.shape(), problem);
        if (bytes != size - header.length()) {
            throw problem.apply(
                    "%s%s takes %d bytes, but %d follow the header; %s"
                            .formatted(
                                    header.type(),
                                    Shapes.shown(header.shape()),
                                    bytes,
                                    size - header.length(),
                                    bytes > size - header.length()
                                            ? "it is truncated, download it again"
                                            : "save several arrays as .npz"));
        }
    }

    private static PlainTensor tensor(
            String name, NpyHeader header, MemorySegment data, MappedFile file) {
        MemorySegment ordered = data;
        StridedView columns = StridedView.fortran(header.shape());
        if (header.fortran() && !columns.isContiguous()) {
            ordered = file.allocate(data.byteSize());
            columns.copy(data, header.type().bits() / 8, ordered);
        }
        if (header.swapped()) {
            MemorySegment swapped = file.allocate(data.byteSize());
            swap(ordered, header.type().width(), swapped);
            ordered = swapped;
        }
        return new PlainTensor(name, header.type(), header.shape(), ordered.asReadOnly());
    }

    private static void swap(MemorySegment from, int width, MemorySegment to) {
        for (long at = 0; at < from.byteSize(); at += width) {
            switch (width) {
                case 2 -> to.set(LITTLE_16, at, from.get(BIG_16, at));
                case 4 -> to.set(LITTLE_32, at, from.get(BIG_32, at));
                default -> to.set(LITTLE_64, at, from.get(BIG_64, at));
            }
        }
    }

    /// Writes `tensor` as a `.npy` file, with the bytes that `numpy.save` writes. Throws
    /// [FormatException] for element types that NumPy lacks (bfloat16, 8-bit floats, packed ones).
    public static void write(Path path, PlainTensor tensor) {
        ReplacedFile.write(path, channel -> write(channel, tensor));
    }

    /// Writes a `.npz` file: `numpy.load` finds the arrays by their names.
    ///
    /// @param compressed as `numpy.savez_compressed`
    public static void write(Path path, Collection<PlainTensor> tensors, boolean compressed) {
        ReplacedFile.write(
                path,
                channel -> {
                    ZipWriter zip = new ZipWriter(channel);
                    for (PlainTensor tensor : tensors) {
                        byte[] header = NpyHeader.bytes(tensor);
                        zip.add(
                                tensor.name() + ENDING,
                                header.length + tensor.data().byteSize(),
                                compressed,
                                out -> write(out, tensor));
                    }
                    zip.finish();
                });
    }

    private static void write(WritableByteChannel out, PlainTensor tensor) throws IOException {
        Segments.write(out, MemorySegment.ofArray(NpyHeader.bytes(tensor)));
        Segments.write(out, tensor.data());
    }

    private static String stem(String name) {
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }
}
