import CHDF5
import Testing

/// Names that lead elsewhere: what they lead to could be anything, in any file.
struct LinkTests {
    @Test
    func aCaseThatIsALinkIsRefused() throws {
        let faults = try Draft().faults { file in
            H5Lcreate_soft("/cases/one", file, "/cases/two", chdf5_default(), chdf5_default())
        }
        #expect(faults == ["draft.h5: case 'two' is a link to another place, expected a group"])
    }

    @Test
    func aGroupWithoutARowIsRefused() throws {
        let faults = try Draft().faults { file in
            H5Gclose(H5Gcreate2(file, "/cases/two", chdf5_default(), chdf5_default(), chdf5_default()))
        }
        #expect(faults == ["draft.h5: group 'two' is no case of the table"])
    }

    @Test
    func aDatasetThatIsALinkIsRefused() throws {
        let faults = try Draft().faults { file in
            H5Lcreate_soft("input", file, "/cases/one/more", chdf5_default(), chdf5_default())
        }
        #expect(faults == ["draft.h5: case draft/one: 'more' is a link to another place, expected a dataset"])
    }

    @Test
    func aDatasetInPlaceOfACaseIsRefused() throws {
        var draft = Draft()
        draft.members["name"] = .string("two")
        let faults = try draft.faults { file in
            H5Lcreate_hard(file, "/cases/one/input", file, "/cases/two", chdf5_default(), chdf5_default())
            H5Ldelete(file, "/cases/one", chdf5_default())
        }
        #expect(faults.count == 1 && faults[0].hasPrefix("draft.h5: case draft/two: cannot be opened: "), "\(faults)")
    }

    @Test
    func aGroupInPlaceOfADatasetIsRefused() throws {
        var draft = Draft()
        draft.datasets["magnitude"] = nil
        let faults = try draft.faults { file in
            H5Gclose(H5Gcreate2(file, "/cases/one/magnitude", chdf5_default(), chdf5_default(), chdf5_default()))
        }
        #expect(
            faults.count == 1 && faults[0].hasPrefix("draft.h5: case draft/one: dataset 'magnitude' cannot be read: "),
            "\(faults)")
    }
}
