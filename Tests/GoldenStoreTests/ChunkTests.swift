import CHDF5
import Testing

/// Elements that no checksum covers, or that are spread over chunks which may be missing.
struct ChunkTests {
    /// The faults of a sound draft whose filter is stored in chunks of `chunk`, or without chunks.
    private func faults(chunk: [hsize_t]?, isChecksummed: Bool) throws -> [String] {
        var draft = Draft()
        draft.unwritten = ["filter"]
        return try draft.faults { file in
            let creation = H5Pcreate(chdf5_dataset_creation())
            if let chunk { H5Pset_chunk(creation, 4, chunk) }
            if isChecksummed { H5Pset_fletcher32(creation) }
            let space = H5Screate_simple(4, [2, 1, 1, 2], nil)
            let dataset = H5Dcreate2(
                file, "/cases/one/filter", chdf5_float32(), space, chdf5_default(), creation, chdf5_default())
            let values: [Float] = [1, 2, 3, 4]
            let status = H5Dwrite(
                dataset, chdf5_float32(), chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), values)
            #expect(status >= 0)
            H5Dclose(dataset)
            H5Sclose(space)
            H5Pclose(creation)
        }
    }

    @Test
    func oneChunkWithAChecksumIsAccepted() throws {
        #expect(try faults(chunk: [2, 1, 1, 2], isChecksummed: true) == [])
    }

    @Test
    func anythingElseIsRefused() throws {
        let words = ["draft.h5: case draft/one: dataset 'filter' is not one chunk with a Fletcher-32 checksum"]
        #expect(try faults(chunk: nil, isChecksummed: false) == words)
        #expect(try faults(chunk: [2, 1, 1, 2], isChecksummed: false) == words)
        #expect(try faults(chunk: [1, 1, 1, 2], isChecksummed: true) == words)
    }
}
