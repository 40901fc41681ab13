# Start-up file of the shells in AiKore's terminals: the user's own ~/.bashrc, then the environment of the instance.
# Everything about the instance comes in variables; nothing is ever written into this file. It is no function, in which
# a `declare` of ~/.bashrc would be local.
# shellcheck shell=bash disable=SC1090,SC1091

# A ~/.bashrc for the whole machine must not move the instance to other GPUs.
__aikore_gpus=${CUDA_VISIBLE_DEVICES-}
__aikore_pinned=${CUDA_VISIBLE_DEVICES+yes}
__aikore_environment=${AIKORE_ENVIRONMENT-}

[[ -r ~/.bashrc ]] && . ~/.bashrc
[[ $__aikore_pinned ]] && export CUDA_VISIBLE_DEVICES=$__aikore_gpus

if [[ -f $__aikore_environment/bin/activate ]]; then
  . "$__aikore_environment/bin/activate"
elif [[ -d $__aikore_environment/conda-meta ]]; then
  __aikore_conda=${CONDA_EXE:-$(type -P conda)}
  if [[ $__aikore_conda && -r ${__aikore_conda%/*/*}/etc/profile.d/conda.sh ]]; then
    . "${__aikore_conda%/*/*}/etc/profile.d/conda.sh"
    conda activate "$__aikore_environment"
  else
    printf '\e[2m%s\e[0m\n' 'The environment of this instance is one of Conda, which is not installed here.'
  fi
elif [[ $__aikore_environment ]]; then
  printf '\e[2m%s\e[0m\n' 'There is no environment yet: it is made when the instance is started.'
fi
unset __aikore_gpus __aikore_pinned __aikore_environment __aikore_conda
