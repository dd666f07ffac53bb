# What wixl 0.101 cannot say, written into the tables of the MSI (sourced by package.sh).

# CustomAction types: 1 a function of a DLL in the table Binary; + 64 its failure is
# ignored; + 256 rollback, + 512 commit, + 1024 later (in the script), + 2048 as the system.
action_table () {
  cat << 'END'
Prepare|1|Actions|Prepare
Refuse|1|Actions|Refuse
Schedule|1|Actions|Schedule
KeepService|3393|Actions|RunCommands
RemoveService|3073|Actions|RunCommands
RemoveData|3649|Actions|RemoveData
UndoOffice|3393|Actions|RemoveData
MakeOffice|3073|Actions|RunCommands
UndoService|3393|Actions|RunCommands
RestoreService|3393|Actions|RunCommands
InstallService|3073|Actions|RunCommands
TellNext|65|Actions|TellNext
END
}

# A rollback action stands before what it takes back. The newer version is installed and its service
# runs (InstallExecute) before the older one is removed: until then it lies untouched beside it.
execute_sequence () {
  cat << 'END'
Prepare|10|
FindRelatedProducts|25|
Refuse|30|
Schedule|1450|
KeepService|1690|REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE
RemoveService|1700|REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE
RemoveData|1710|REMOVE="ALL" AND REMOVEDATA AND NOT UPGRADINGPRODUCTCODE
RemoveEnvironmentStrings|3300|
WriteEnvironmentStrings|5200|
UndoOffice|6410|NEWDATA AND NOT REMOVE
MakeOffice|6420|NEWOFFICE AND NOT REMOVE
UndoService|6430|NOT PREVIOUSPROGRAM AND NOT REMOVE
RestoreService|6431|PREVIOUSPROGRAM AND NOT REMOVE
InstallService|6440|NOT REMOVE
InstallExecute|6500|
RemoveExistingProducts|6550|
InstallFinalize|6600|
END
}

ui_sequence () {
  cat << 'END'
Prepare|10|
FindRelatedProducts|25|
Refuse|30|
TellNext|1310|NOT Installed
END
}

# All go into the file at once: each call of msibuild writes it anew.
query () { # SQL
  queries+=("$1")
}

fill_sequence () { # TABLE, rows on standard input
  local action number condition
  while IFS='|' read -r action number condition; do
    query "DELETE FROM $1 WHERE Action = '$action'"
    query "INSERT INTO $1 (Action, Condition, Sequence) VALUES ('$action', '$condition', $number)"
  done
}

add_actions () {
  local action type source target
  while IFS='|' read -r action type source target; do
    query "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('$action', $type, '$source', '$target')"
  done < <(action_table)
}

# "=-": set at install, taken out at uninstall; "*": for the machine; "[~];": behind what is there.
add_path () {
  query 'CREATE TABLE Environment (Environment CHAR(72) NOT NULL, Name CHAR(255) NOT NULL LOCALIZABLE, Value CHAR(255) LOCALIZABLE, Component_ CHAR(72) NOT NULL PRIMARY KEY Environment)'
  query "INSERT INTO Environment (Environment, Name, Value, Component_) VALUES ('Path', '=-*PATH', '[~];[BINFOLDER]', 'Path')"
}

# 2: only found, not removed.
add_upgrade () {
  query "INSERT INTO Upgrade (UpgradeCode, VersionMax, Attributes, ActionProperty) VALUES ('$upgrade', '$version', 0, 'OLDERFOUND')"
  query "INSERT INTO Upgrade (UpgradeCode, VersionMin, Attributes, ActionProperty) VALUES ('$upgrade', '$version', 2, 'NEWERFOUND')"
}

# The Start menu in one language, the control panel unless it is not wanted: level 0 is not installed.
# What is installed goes by itself.
add_conditions () {
  query 'CREATE TABLE Condition (Feature_ CHAR(38) NOT NULL, Level SHORT NOT NULL, Condition CHAR(255) PRIMARY KEY Feature_, Level)'
  query "INSERT INTO Condition (Feature_, Level, Condition) VALUES ('English', 0, 'GERMAN AND NOT Installed')"
  query "INSERT INTO Condition (Feature_, Level, Condition) VALUES ('German', 0, 'NOT GERMAN AND NOT Installed')"
  query "INSERT INTO Condition (Feature_, Level, Condition) VALUES ('ControlPanel', 0, 'PANEL=\"no\" AND NOT Installed')"
}

patch_tables () {
  local queries=()
  add_conditions
  add_actions
  add_path
  add_upgrade
  fill_sequence InstallExecuteSequence < <(execute_sequence)
  fill_sequence InstallUISequence < <(ui_sequence)
  at_one_time msibuild "$msi" -q "${queries[@]}"
}
