/// Hashes of `correct horse`, at the least cost that each method has.
enum KnownHashes {
    static let all = [
        "$y$j75$.QU1Jkl6e21CzMIHIhZMd/rRyJ6XHeNccyehxGwmGbB$3YzEy1da07O6czDoGHLebx5OucwY8XKkHkWJq8bCDM8",
        "$gy$j75$/Uk1Ko/7f6HC.RYHJlpMe35SzNMXIidcd0vhyKAnHfB$dIj8I9NpPkDcGo2/scRnJYVVoC6QBUuTWlLKSIRJ03A",
        "$2b$04$.eiODv2jJBK4OSfNTjziYuASvtgao5zHYf15OTCXqMXT73NqXknV.",
        "$2y$04$.umPE/6kJRO5OijOTz3jZ.ynC/w2s06sx/GXSXUvlhfWjeZP/sit.",
        "$2a$04$/.qQEQ.lJhS6OynPUD7kZOTLp8VJpl1PV1SNg.MfeuGGKyElO2C2G",
        "$6$rounds=1000$3kk2O208jMHD2hYI$wRq/Vt9ZJ0DChWONkR4ieM/EfK4jlmnDLIhIj07HKCSsAchO0GAcdnmbAxmwwJrYbjAAbWAbeltO40UJQX9oI1",
        "$5$rounds=1000$4o.3P6G8kQXD3loI$AMyT6nqIJIjS5rYohbk5DInIr71NEOe9J0n9asNA/hD",
        "$7$BU..../....5sE3QAW8lUnD4p2JP7KOkRbT3msYO48ejOPj2jgoN1C$S5puc6ijxtLb.C0C01CHsbuMX4sKqnMLFlUuNThZTcA",
    ]
}
