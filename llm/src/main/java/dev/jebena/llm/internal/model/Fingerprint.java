package dev.jebena.llm.internal.model;

import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Tells models apart without reading all of them: by the names, types and shapes of their tensors
/// and some of the bytes of each.
public final class Fingerprint {
    private static final int SAMPLE = 512;

    private Fingerprint() {}

    /// 32 bytes that another model has with no likelihood.
    public static byte[] of(TensorFile file) {
        MessageDigest digest = sha256();
        for (StoredTensor tensor : file.tensors().values()) {
            String text = tensor.name() + tensor.type() + tensor.shape();
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            long size = tensor.data().byteSize();
            sample(digest, tensor.data(), 0);
            sample(digest, tensor.data(), Math.max(0, size / 2 - SAMPLE));
            sample(digest, tensor.data(), Math.max(0, size - SAMPLE));
        }
        return digest.digest();
    }

    private static void sample(MessageDigest digest, MemorySegment data, long from) {
        long length = Math.min(SAMPLE, data.byteSize() - from);
        digest.update(data.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE));
    }

    /// Every Java runtime has it.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
