@echo off
rem Installs ecosim from this folder alone, into ecosim-env. No network is used.
cd /d "%~dp0"
if "%PYTHON%"=="" set PYTHON=python
"%PYTHON%" -m venv ecosim-env || exit /b 1
ecosim-env\Scripts\python.exe -m pip install --no-index --find-links wheels --quiet ecosim || exit /b 1
echo ecosim is installed. Start it with: %CD%\ecosim-env\Scripts\ecosim.exe --help
