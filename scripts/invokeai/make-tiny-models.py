"""Writes tiny diffusers models with seeded random weights, small enough to run a real InvokeAI server on a CPU.

Usage (with the Python of InvokeAI's own virtual environment):  python make-tiny-models.py TARGET_DIR

The pictures that come out are noise; what is real is everything around them: probing, loading, the node graph, progress
events, timings of the queue and the files. The same seed gives the same weights, so results can be compared bit by bit
on one machine. Nothing is downloaded. install.json in the target lists source, key and name of every model, as
POST /api/v2/models/install wants them, and the small default size of main models.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderKLFlux2,
    ControlNetModel,
    DDIMScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    Flux2Transformer2DModel,
    SD3Transformer2DModel,
    UNet2DConditionModel,
    ZImageTransformer2DModel,
)
from safetensors.torch import save_file
from spandrel.architectures.ESRGAN import ESRGAN
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPImageProcessor,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    Qwen2Tokenizer,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

SEED = 20260101
START, END = 512, 513
ENCODER_NAME = "IP Adapter SD1.5 Image Encoder"


def byte_characters() -> list[str]:
    """The 256 printable stand-ins that CLIP's byte-level tokenizer uses for raw bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in printable}
    extra = 0
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + extra)
            extra += 1
    return [table[byte] for byte in range(256)]


def write_clip_tokenizer(folder: Path) -> None:
    characters = byte_characters()
    names = characters + [c + "</w>" for c in characters] + ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {name: number for number, name in enumerate(names)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77, pad_token="<|endoftext|>")
    tokenizer.save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    again = CLIPTokenizer.from_pretrained(folder)
    ids = again("a cat").input_ids
    if ids[0] != START or ids[-1] != END or len(ids) != 6:
        raise SystemExit(f"the saved CLIP tokenizer reads back wrongly: {ids}")


def write_t5_tokenizer(folder: Path) -> None:
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [(chr(code), -3.0) for code in range(33, 127)]
    tokenizer = T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=512)
    tokenizer.save_pretrained(folder)
    ids = T5Tokenizer.from_pretrained(folder)("a cat").input_ids
    if ids[-1] != 1 or len(ids) < 5:
        raise SystemExit(f"the saved T5 tokenizer reads back wrongly: {ids}")


def write_qwen_tokenizer(folder: Path) -> None:
    names = byte_characters() + ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = Qwen2Tokenizer(
        vocab={name: number for number, name in enumerate(names)},
        merges=[],
        model_max_length=4096,
        extra_special_tokens=["<|im_start|>", "<|im_end|>"],
        chat_template=(
            "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
            "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
        ),
    )
    tokenizer.save_pretrained(folder)
    again = Qwen2Tokenizer.from_pretrained(folder)
    text = again.apply_chat_template([{"role": "user", "content": "a cat"}], tokenize=False, add_generation_prompt=True)
    ids = again(text).input_ids
    if ids[0] != 257 or max(ids) > 258:
        raise SystemExit(f"the saved Qwen tokenizer reads back wrongly: {ids}")


def clip_text(hidden: int, projection: bool, projection_dim: int | None = None) -> torch.nn.Module:
    config = CLIPTextConfig(
        hidden_size=hidden,
        projection_dim=projection_dim or hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        vocab_size=514,
        max_position_embeddings=77,
        bos_token_id=START,
        eos_token_id=END,
        pad_token_id=END,
    )
    return CLIPTextModelWithProjection(config) if projection else CLIPTextModel(config)


def unet(cross_attention_dim: int, **more: object) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=more.pop("in_channels", 4),
        out_channels=4,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=cross_attention_dim,
        attention_head_dim=8,
        norm_num_groups=8,
        **more,
    )


def autoencoder(latent_channels: int, scaling_factor: float, **more: object) -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        block_out_channels=(8, 8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=latent_channels,
        scaling_factor=scaling_factor,
        **more,
    )


def write_index(folder: Path, pipeline: str, parts: dict[str, tuple[str, str]]) -> None:
    index: dict[str, object] = {"_class_name": pipeline, "_diffusers_version": "0.37.0"}
    index.update({name: list(where) for name, where in parts.items()})
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def write_sd1(folder: Path, inpaint: bool = False) -> None:
    torch.manual_seed(SEED)
    unet(768, in_channels=9 if inpaint else 4).save_pretrained(folder / "unet")
    autoencoder(4, 0.18215).save_pretrained(folder / "vae")
    clip_text(768, projection=False).save_pretrained(folder / "text_encoder")
    write_clip_tokenizer(folder / "tokenizer")
    DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1,
    ).save_pretrained(folder / "scheduler")
    write_index(
        folder,
        "StableDiffusionInpaintPipeline" if inpaint else "StableDiffusionPipeline",
        {
            "unet": ("diffusers", "UNet2DConditionModel"),
            "vae": ("diffusers", "AutoencoderKL"),
            "text_encoder": ("transformers", "CLIPTextModel"),
            "tokenizer": ("transformers", "CLIPTokenizer"),
            "scheduler": ("diffusers", "DDIMScheduler"),
        },
    )


def write_sdxl(folder: Path) -> None:
    torch.manual_seed(SEED + 1)
    unet(
        2048,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 1280,
    ).save_pretrained(folder / "unet")
    autoencoder(4, 0.13025).save_pretrained(folder / "vae")
    clip_text(768, projection=False).save_pretrained(folder / "text_encoder")
    clip_text(1280, projection=True).save_pretrained(folder / "text_encoder_2")
    write_clip_tokenizer(folder / "tokenizer")
    write_clip_tokenizer(folder / "tokenizer_2")
    EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear").save_pretrained(
        folder / "scheduler"
    )
    write_index(
        folder,
        "StableDiffusionXLPipeline",
        {
            "unet": ("diffusers", "UNet2DConditionModel"),
            "vae": ("diffusers", "AutoencoderKL"),
            "text_encoder": ("transformers", "CLIPTextModel"),
            "text_encoder_2": ("transformers", "CLIPTextModelWithProjection"),
            "tokenizer": ("transformers", "CLIPTokenizer"),
            "tokenizer_2": ("transformers", "CLIPTokenizer"),
            "scheduler": ("diffusers", "EulerDiscreteScheduler"),
        },
    )


def write_sd3(folder: Path) -> None:
    """The server pads the two CLIP states, laid side by side, up to T5's width: 32 + 32 <= 64."""
    torch.manual_seed(SEED + 2)
    SD3Transformer2DModel(
        sample_size=32,
        patch_size=2,
        in_channels=16,
        out_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        caption_projection_dim=32,
        joint_attention_dim=64,
        pooled_projection_dim=64,
        pos_embed_max_size=96,
    ).save_pretrained(folder / "transformer")
    autoencoder(16, 1.5305, shift_factor=0.0609, use_quant_conv=False, use_post_quant_conv=False).save_pretrained(
        folder / "vae"
    )
    clip_text(32, projection=True).save_pretrained(folder / "text_encoder")
    clip_text(32, projection=True).save_pretrained(folder / "text_encoder_2")
    T5EncoderModel(
        T5Config(vocab_size=128, d_model=64, d_kv=8, d_ff=64, num_layers=1, num_heads=4, feed_forward_proj="gated-gelu")
    ).save_pretrained(folder / "text_encoder_3")
    write_clip_tokenizer(folder / "tokenizer")
    write_clip_tokenizer(folder / "tokenizer_2")
    write_t5_tokenizer(folder / "tokenizer_3")
    FlowMatchEulerDiscreteScheduler(shift=3.0).save_pretrained(folder / "scheduler")
    write_index(
        folder,
        "StableDiffusion3Pipeline",
        {
            "transformer": ("diffusers", "SD3Transformer2DModel"),
            "vae": ("diffusers", "AutoencoderKL"),
            "text_encoder": ("transformers", "CLIPTextModelWithProjection"),
            "text_encoder_2": ("transformers", "CLIPTextModelWithProjection"),
            "text_encoder_3": ("transformers", "T5EncoderModel"),
            "tokenizer": ("transformers", "CLIPTokenizer"),
            "tokenizer_2": ("transformers", "CLIPTokenizer"),
            "tokenizer_3": ("transformers", "T5Tokenizer"),
            "scheduler": ("diffusers", "FlowMatchEulerDiscreteScheduler"),
        },
    )


def qwen3_config() -> Qwen3Config:
    return Qwen3Config(
        vocab_size=259,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        bos_token_id=256,
        eos_token_id=258,
    )


def write_flux2_klein(folder: Path) -> None:
    """The text states of three layers are laid side by side: joint width = 3 x hidden. The VAE has 32 channels, 2x2
    packed to 128. Widths unlike the published ones are taken for Klein 4B by the prober."""
    torch.manual_seed(SEED + 4)
    Flux2Transformer2DModel(
        patch_size=1,
        in_channels=128,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=32,
        num_attention_heads=2,
        joint_attention_dim=3 * 32,
        timestep_guidance_channels=32,
        axes_dims_rope=(8, 8, 8, 8),
        guidance_embeds=False,
    ).save_pretrained(folder / "transformer")
    AutoencoderKLFlux2(
        block_out_channels=(8, 8, 8, 8), layers_per_block=1, latent_channels=32, norm_num_groups=4
    ).save_pretrained(folder / "vae")
    Qwen3ForCausalLM(qwen3_config()).save_pretrained(folder / "text_encoder")
    write_qwen_tokenizer(folder / "tokenizer")
    FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True).save_pretrained(folder / "scheduler")
    write_index(
        folder,
        "Flux2KleinPipeline",
        {
            "transformer": ("diffusers", "Flux2Transformer2DModel"),
            "vae": ("diffusers", "AutoencoderKLFlux2"),
            "text_encoder": ("transformers", "Qwen3ForCausalLM"),
            "tokenizer": ("transformers", "Qwen2Tokenizer"),
            "scheduler": ("diffusers", "FlowMatchEulerDiscreteScheduler"),
        },
    )


def write_z_image(folder: Path) -> None:
    torch.manual_seed(SEED + 9)
    ZImageTransformer2DModel(
        in_channels=16,
        dim=64,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=32,
        axes_dims=[8, 12, 12],
        axes_lens=[1024, 512, 512],
    ).save_pretrained(folder / "transformer")
    autoencoder(16, 0.3611, shift_factor=0.1159, use_quant_conv=False, use_post_quant_conv=False).save_pretrained(
        folder / "vae"
    )
    Qwen3ForCausalLM(qwen3_config()).save_pretrained(folder / "text_encoder")
    write_qwen_tokenizer(folder / "tokenizer")
    FlowMatchEulerDiscreteScheduler(shift=3.0).save_pretrained(folder / "scheduler")
    write_index(
        folder,
        "ZImagePipeline",
        {
            "transformer": ("diffusers", "ZImageTransformer2DModel"),
            "vae": ("diffusers", "AutoencoderKL"),
            "text_encoder": ("transformers", "Qwen3ForCausalLM"),
            "tokenizer": ("transformers", "Qwen2Tokenizer"),
            "scheduler": ("diffusers", "FlowMatchEulerDiscreteScheduler"),
        },
    )


def write_sd1_controlnet(folder: Path) -> None:
    torch.manual_seed(SEED + 5)
    ControlNetModel(
        in_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        block_out_channels=(32, 64),
        layers_per_block=1,
        norm_num_groups=8,
        cross_attention_dim=768,
        attention_head_dim=8,
        conditioning_embedding_out_channels=(8, 8, 8, 8),
    ).save_pretrained(folder)


def write_image_encoder(folder: Path) -> None:
    """Its model record must carry ENCODER_NAME: the IP-Adapter node looks the encoder up by that name."""
    torch.manual_seed(SEED + 7)
    CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=32, intermediate_size=64, projection_dim=32, num_hidden_layers=2, num_attention_heads=4,
            image_size=224, patch_size=32,
        )
    ).save_pretrained(folder)
    CLIPImageProcessor().save_pretrained(folder)


def write_sd1_ip_adapter(file: Path) -> None:
    """Odd numbers: only the cross-attention layers of the UNet above, four of them, 64 wide."""
    torch.manual_seed(SEED + 8)
    tensors = {
        "image_proj.proj.weight": torch.randn(4 * 768, 32) * 0.1,
        "image_proj.proj.bias": torch.zeros(4 * 768),
        "image_proj.norm.weight": torch.ones(768),
        "image_proj.norm.bias": torch.zeros(768),
    }
    for number in (1, 3, 5, 7):
        tensors[f"ip_adapter.{number}.to_k_ip.weight"] = torch.randn(64, 768) * 0.1
        tensors[f"ip_adapter.{number}.to_v_ip.weight"] = torch.randn(64, 768) * 0.1
    save_file(tensors, file)


def write_upscaler(file: Path) -> None:
    """A two-fold ESRGAN with one block of eight channels; spandrel reads those numbers off the weights."""
    torch.manual_seed(SEED + 6)
    save_file(ESRGAN(num_filters=8, num_blocks=1, scale=2).state_dict(), file)


def write_lora(file: Path, cross_attention_dim: int) -> None:
    """Rank 4 on the two cross-attention inputs of the only attention block of the UNets above."""
    torch.manual_seed(SEED + 3)
    tensors = {}
    for name in ("to_k", "to_v"):
        stem = f"lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_{name}"
        tensors[f"{stem}.lora_down.weight"] = torch.randn(4, cross_attention_dim) * 0.1
        tensors[f"{stem}.lora_up.weight"] = torch.randn(64, 4) * 0.1
        tensors[f"{stem}.alpha"] = torch.tensor(4.0)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, file)


# folder or file -> the function that writes it
MODELS = {
    "tiny-sd1": write_sd1,
    "tiny-sd1-inpaint": lambda folder: write_sd1(folder, inpaint=True),
    "tiny-sdxl": write_sdxl,
    "tiny-sd3": write_sd3,
    "tiny-flux2-klein": write_flux2_klein,
    "tiny-z-image": write_z_image,
    "tiny-sd1-controlnet": write_sd1_controlnet,
    "tiny-image-encoder": write_image_encoder,
    "tiny-sd1-ip-adapter.safetensors": write_sd1_ip_adapter,
    "tiny-upscaler-2x.safetensors": write_upscaler,
    "tiny-sd1-lora.safetensors": lambda file: write_lora(file, 768),
    "tiny-sdxl-lora.safetensors": lambda file: write_lora(file, 2048),
}


MAIN_MODELS = {"tiny-sd1", "tiny-sd1-inpaint", "tiny-sdxl", "tiny-sd3", "tiny-flux2-klein", "tiny-z-image"}
# the IP-Adapter node finds its encoder by the record's name; a ControlNet's name says what kind of map it takes
RECORD_NAMES = {"tiny-image-encoder": ENCODER_NAME, "tiny-sd1-controlnet": "tiny-sd1-canny"}


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    install = []
    for name, write in MODELS.items():
        path = target / name
        key = name.removesuffix(".safetensors")
        entry: dict[str, object] = {"source": str(path), "key": key}
        entry["name"] = RECORD_NAMES.get(key, key)
        if key in MAIN_MODELS:
            entry["default_settings"] = {"width": 256, "height": 256, "steps": 4}
        install.append(entry)
        if path.exists():
            print(f"{name}: already there")
            continue
        # written beside its place and moved in one step, so a broken run leaves no half model
        draft = target / f".draft-{name}"
        if draft.is_dir():
            shutil.rmtree(draft)
        write(draft)
        draft.rename(path)
        files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
        print(f"{name}: {sum(f.stat().st_size for f in files) / 1e6:.1f} MB")
    (target / "install.json").write_text(json.dumps(install, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
