package dev.nestor.recorder.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreesTest {
  /// The eight entries and nine roots of Certificate Transparency's reference tests for RFC 6962.
  private static final List<String> ENTRIES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void rootsAreThoseOfTheReferenceVectors() {
    LogTree tree = new LogTree();
    assertThat(HexFormat.of().formatHex(tree.root())).isEqualTo(ROOTS.get(0));
    for (int i = 0; i < ENTRIES.size(); i++) {
      tree.add(LogTree.leafHash(HexFormat.of().parseHex(ENTRIES.get(i))));
      assertThat(HexFormat.of().formatHex(tree.root()))
          .as("size %d", i + 1)
          .isEqualTo(ROOTS.get(i + 1));
    }
  }

  @Test
  void laneRootHashesGroupsOfSixteenLevelByLevel() {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      leaves.add(Sha256.of(new byte[] {(byte) i}));
    }
    byte[] first = node(leaves.subList(0, 16));
    byte[] second = node(leaves.subList(16, 17));

    assertThat(LaneTree.root(leaves)).isEqualTo(node(List.of(first, second)));
    assertThat(LaneTree.root(leaves.subList(0, 16))).isEqualTo(first);
    assertThat(LaneTree.root(leaves.subList(0, 1))).isEqualTo(leaves.get(0));
  }

  private static byte[] node(List<byte[]> children) {
    byte[][] parts = new byte[children.size() + 1][];
    parts[0] = new byte[] {1};
    for (int i = 0; i < children.size(); i++) {
      parts[i + 1] = children.get(i);
    }
    return Sha256.of(parts);
  }
}
