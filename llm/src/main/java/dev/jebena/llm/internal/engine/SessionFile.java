package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.Session;
import dev.jebena.llm.internal.model.Fingerprint;
import dev.jebena.llm.internal.model.KvPool;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/// A session on disk: a mark and a version, which model it belongs to, its tokens, the keys and
/// values of their pages, and a checksum of all that.
final class SessionFile {
    private static final long MARK = 0x4A4542454E41534EL;
    private static final int VERSION = 1;
    private static final int CHECKSUM = 32;
    private static final int MAX_NOTE = 16 << 20;

    /// What a session must agree with.
    ///
    /// @param model its fingerprint
    /// @param adapters those applied, in words
    record Owner(byte[] model, String adapters, KvPool pool, int context) {}

    /// The part before the pages.
    record Header(Session session, int positions) {}

    /// Fills or takes the bytes of pages.
    @FunctionalInterface
    interface Pages<S> {
        void through(S stream) throws IOException;
    }

    private SessionFile() {}

    /// Writes it under a temporary name first: complete or not at all.
    static void write(Path file, Owner owner, Header header, Pages<DataOutputStream> pages) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        MessageDigest digest = Fingerprint.sha256();
        try {
            try (BufferedOutputStream raw = new BufferedOutputStream(Files.newOutputStream(part));
                    DataOutputStream out =
                            new DataOutputStream(new DigestOutputStream(raw, digest))) {
                out.writeLong(MARK);
                out.writeInt(VERSION);
                out.write(owner.model);
                out.writeUTF(owner.adapters);
                out.writeUTF(owner.pool.layout());
                out.writeInt(header.positions);
                int[] tokens = header.session.tokens();
                out.writeInt(tokens.length);
                for (int token : tokens) {
                    out.writeInt(token);
                }
                byte[] note = header.session.note().getBytes(StandardCharsets.UTF_8);
                out.writeInt(note.length);
                out.write(note);
                pages.through(out);
                out.flush();
                raw.write(digest.digest());
            }
            Files.move(
                    part,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the session %s cannot be written: %s".formatted(file, e),
                    e);
        }
    }

    /// Reads it; `pages` gets the stream at its pages. Throws BAD_REQUEST that says what is wrong.
    static Header read(Path file, Owner owner, PageReader pages) {
        MessageDigest digest = Fingerprint.sha256();
        try (BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file));
                DataInputStream in = new DataInputStream(new DigestInputStream(raw, digest))) {
            Header header = header(file, owner, in, Files.size(file));
            pages.read(header, in);
            byte[] expected = digest.digest();
            if (!Arrays.equals(expected, raw.readNBytes(CHECKSUM))) {
                throw bad(file, "its checksum does not fit; the file is damaged");
            }
            return header;
        } catch (IOException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the session %s cannot be read: %s".formatted(file, e),
                    e);
        }
    }

    /// Takes the pages of a session from a stream.
    @FunctionalInterface
    interface PageReader {
        void read(Header header, DataInputStream in) throws IOException;
    }

    private static Header header(Path file, Owner owner, DataInputStream in, long size)
            throws IOException {
        if (size < 64 || in.readLong() != MARK) {
            throw bad(file, "it is no session");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw bad(file, "its version is %d; expected %d".formatted(version, VERSION));
        }
        if (!Arrays.equals(in.readNBytes(owner.model.length), owner.model)) {
            throw bad(file, "it belongs to another model");
        }
        expect(file, "adapters", in.readUTF(), owner.adapters);
        expect(file, "key/value cache", in.readUTF(), owner.pool.layout());
        int positions = in.readInt();
        int count = in.readInt();
        if (count < 1 || count > owner.context || positions < 0 || positions > count) {
            throw bad(
                    file,
                    "it has %d positions of %d tokens; expected up to %d, the context"
                            .formatted(positions, count, owner.context));
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = in.readInt();
        }
        int length = in.readInt();
        if (length < 0 || length > MAX_NOTE || length > size) {
            throw bad(file, "its note has %d bytes".formatted(length));
        }
        String note = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Header(new Session(tokens, note), positions);
    }

    private static void expect(Path file, String what, String found, String expected) {
        if (!found.equals(expected)) {
            throw bad(file, "its %s is \"%s\", here it is \"%s\"".formatted(what, found, expected));
        }
    }

    private static LlmException bad(Path file, String problem) {
        return new LlmException(
                LlmException.Code.BAD_REQUEST,
                "the session %s cannot be used: %s".formatted(file, problem));
    }
}
