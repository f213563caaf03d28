package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XetTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);

    /// Written by lz4's own library: 40 times "abcdefgh", then 100 zeros; with a checksum of the
    /// content, and with the size and checksums of the blocks.
    private static final List<String> FRAMES =
            List.of(
                    "04224d186440a7180000008f61626364656667680800ff261f0001004b50"
                            + "0000000000000000001b34d62c",
                    "04224d187840a401000000000000f8180000008f61626364656667680800"
                            + "ff261f0001004b500000000000b8bc441300000000");

    @TempDir Path folder;

    private static byte[] frame(byte[] block, boolean packed) {
        ByteBuffer frame = ByteBuffer.allocate(block.length + 15).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0x184D2204).put((byte) 0x60).put((byte) 0x40).put((byte) 0);
        frame.putInt(packed ? block.length : block.length | 1 << 31).put(block).putInt(0);
        return frame.array();
    }

    @Test
    void framesAreUnpacked() {
        // 4 literals "abcd", a copy of 12 from 4 back, then 5 literals.
        byte[] block = HexFormat.of().parseHex("48" + "61626364" + "0400" + "50" + "3132333435");
        assertThat(new String(Lz4Frame.decode(frame(block, true), 21), StandardCharsets.UTF_8))
                .isEqualTo("abcdabcdabcdabcd12345");
        assertThat(Lz4Frame.decode(frame(block, false), block.length)).isEqualTo(block);
    }

    @Test
    void framesOfTheOriginalLibraryAreUnpacked() {
        byte[] expected =
                Arrays.copyOf("abcdefgh".repeat(40).getBytes(StandardCharsets.UTF_8), 420);
        for (String frame : FRAMES) {
            assertThat(Lz4Frame.decode(HexFormat.of().parseHex(frame), 420)).isEqualTo(expected);
        }
    }

    @Test
    void damagedFramesAreRefusedAndNeverCrash() {
        byte[] block = HexFormat.of().parseHex("48616263640400503132333435");
        byte[] good = frame(block, true);
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length) + 1);
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                assertThat(Lz4Frame.decode(bad, 21).length).as("seed " + seed).isLessThan(22);
            } catch (HubError e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
    }

    @Test
    void damagedShardsAreRefusedAndNeverCrash() {
        byte[] good = shard("0".repeat(64), 2, 100, "1".repeat(64));
        assertThat(XetShard.parse(good).files()).hasSize(1);
        long seed = 8;
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length) + 1);
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                assertThat(XetShard.parse(bad).files().size()).as("seed " + seed).isLessThan(9);
            } catch (HubError e) {
                assertThat(e.status()).isEqualTo(400);
            }
        }
    }

    /// A hash as it lies in a shard.
    private static byte[] binary(String hash) {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            bytes.putLong(Long.parseUnsignedLong(hash.substring(16 * i, 16 * i + 16), 16));
        }
        return bytes.array();
    }

    private static byte[] shard(String xorb, int chunks, int bytes, String sha256) {
        ByteBuffer out = ByteBuffer.allocate(48 * 5).order(ByteOrder.LITTLE_ENDIAN);
        out.position(48);
        out.put(binary("2".repeat(64))).putInt(1 << 30).putInt(1).putLong(0);
        out.put(binary(xorb)).putInt(0).putInt(bytes).putInt(0).putInt(chunks);
        out.put(binary(sha256)).putLong(0).putLong(0);
        out.put(binary("f".repeat(64)));
        return out.array();
    }

    private static void chunk(ByteArrayOutputStream xorb, byte[] stored, int kind, int size) {
        ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(stored.length << 8).putInt(size << 8 | kind);
        xorb.writeBytes(header.array());
        xorb.writeBytes(stored);
    }

    @Test
    void filesArePutTogetherFromChunks() {
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            ByteArrayOutputStream xorb = new ByteArrayOutputStream();
            chunk(xorb, "plain ".getBytes(StandardCharsets.UTF_8), 0, 6);
            // Every fourth byte of "abcdefgh" after the other.
            byte[] grouped = frame("aebfcgdh".getBytes(StandardCharsets.UTF_8), false);
            chunk(xorb, grouped, 2, 8);
            String hash = "a".repeat(64);
            HubServer.Reply token = server.get("/api/models/jebena/m/xet-write-token/main");
            String cas = (String) token.at("casUrl");
            server.as((String) token.at("accessToken"));
            assertThat(
                            server.send(
                                            "POST",
                                            cas + "/v1/xorbs/default/" + hash,
                                            xorb.toByteArray())
                                    .at("was_inserted"))
                    .isEqualTo(true);
            byte[] file = "plain abcdefgh".getBytes(StandardCharsets.UTF_8);
            String sha = ContentId.of(file).hex();
            String shards = cas + "/v2/shards";
            assertThat(server.send("POST", shards, shard(hash, 2, 14, "1".repeat(64))).status())
                    .as("another SHA-256 than the bytes have")
                    .isEqualTo(400);
            assertThat(server.send("POST", shards, shard(hash, 3, 14, sha)).status())
                    .as("a chunk that the xorb has not")
                    .isEqualTo(400);
            assertThat(server.send("POST", shards, shard("b".repeat(64), 2, 14, sha)).status())
                    .as("an unknown xorb")
                    .isEqualTo(400);
            assertThat(server.send("POST", shards, shard(hash, 2, 14, sha)).status())
                    .isEqualTo(200);
            server.as(HubServer.TOKEN);
            StringBuilder lines = new StringBuilder();
            HubClient.line(lines, "header", Map.of("summary", "large"));
            HubClient.line(lines, "lfsFile", Map.of("path", "w", "oid", sha));
            server.lines("/api/models/jebena/m/commit/main", lines.toString());
            assertThat(server.get("/jebena/m/resolve/main/w").bytes()).isEqualTo(file);
        }
    }

    @Test
    void aTokenForOneRepositoryDoesNotWriteToAnother() {
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.create("n");
            String token =
                    (String)
                            server.get("/api/models/jebena/m/xet-write-token/main")
                                    .at("accessToken");
            String path = "/_xet/v1/xorbs/default/" + "a".repeat(64);
            assertThat(
                            server.as(token.replace("xet_1_", "xet_2_"))
                                    .send("POST", path, new byte[9])
                                    .status())
                    .isEqualTo(401);
            assertThat(server.as("").send("POST", path, new byte[9]).status()).isEqualTo(401);
            assertThat(server.as(HubServer.TOKEN).send("POST", path, new byte[9]).status())
                    .isEqualTo(401);
            assertThat(server.as(token).send("POST", path, new byte[9]).status()).isEqualTo(200);
        }
    }
}
